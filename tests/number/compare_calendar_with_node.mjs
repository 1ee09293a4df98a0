// Holds dates against Node's, in a zone one hour east of UTC.
// Left out: days past the end of a month and the year -000000, which Node lets through.
// Usage: node tests/number/compare_calendar_with_node.mjs path/to/calendar_probe [count]
import { execFileSync } from 'node:child_process';

process.env.TZ = 'Etc/GMT-1';
const probe = process.argv[2];
const count = Number(process.argv[3] ?? 20000);
const requests = [];
const expected = [];
const ask = (request, answer) => (requests.push(request), expected.push(String(answer)));
let seed = 42;
const below = (limit) => ((seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) >>> 8) % limit;
const pick = (list) => list[below(list.length)];

const fixed = [
  '2020',
  '2020-01',
  '2020-01-02',
  '2020-1-2',
  '2020-01-02T03:04',
  '2020-01-02T03:04Z',
  '2020-01-02T03:04:05.678+01:00',
  '2020-01-02 03:04',
  '2020-01-02 03:04:05Z',
  '2020-01-02 03:04:05 +0200',
  '+002020-01-02',
  '-000001-01-01T00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  'Tue Mar 01 2022 10:00:00 GMT+0100 (CET)',
  'Tue, 01 Mar 2022 10:00:00 GMT',
  'Jan 2 2020',
  '2 Jan 2020',
  'January 2, 2020',
  'Jan 2, 2020 3:04 PM',
  '1/2/2020',
  '1/2/2020 3:04 PM',
  '1/2/20',
  '1/2/70',
  '12/25/1995',
  '12:00',
  'Dec 25, 1995',
  'Mon, 25 Dec 1995 13:30:00 +0430',
  'Mon, 25 Dec 1995 13:30:00 EST',
  '1995-12-17T03:24:00',
  '2020-13-01',
  '2020-01-32',
  '2020-01-01T24:00',
  '2020-01-01T24:01',
  '2020-01-01T25:00',
  '20200102',
  '',
  ' ',
  'hello',
  '2020/01/02',
  '2020/1/2 3:4:5',
  '2020/1/2 3:4:5.6',
  'Jan 2020',
  '2020 Jan',
  'Sat Jan 2020 1',
  '2020-01-02T03:04:05',
  '2020-01-02T03',
  '2020-01-02T',
  'T03:04',
  '1 2 3',
  '2020-01-02T03:04:05.123456789Z',
  '2020-01-02T03:04:05,5Z',
  '0020-01-02',
  '0020-1-2',
  '2020-1-2T10:00',
  '20-1-2',
  'Tue Mar 01 2022 10:00:00 UTC',
  'Thu Jan 01 1970 00:00:00 GMT+0000',
  '1970-01-01T00:00:00z',
  '1 January 1970 00:00:00',
  '1970-01-01 00:00:00 PM',
  '1970-01-01 12:00:00 AM',
  '1970-01-01 13:00 PM',
  '6/7/1999 12:30:15.5 pm',
  'Jan-2-2020',
  '2-Jan-2020',
  '2020-Jan-02',
  '(comment) Jan 2 2020',
  'Jan 2 2020 (a (nested) one) 10:00',
  'Jan 2 2020 10:00 +1',
  'Jan 2 2020 10:00 +01:30',
  'Jan 2 2020 10:00 GMT-5',
  'Jan 2 2020 10:00 GMT-05:30',
  'Jan 2 2020 10:00 XYZ',
  'XYZ Jan 2 2020',
  'Feb 31 2020',
  'Feb 32 2020',
  'Smarch 3 2020',
  'December 17, 1995 03:24:00',
  '2020-01-02T03:04:05+0100',
  '2020-01-02T03:04:05-08',
  '2020-W01-1',
  '2020-001',
  '12',
  '0',
  '32',
  '49',
  '50',
  '99',
  '100',
  '1e3',
  '-1',
  '+2020',
  '1.2.2020',
  '2.1.2020 10:00',
  '10:00 1/2/2020',
  '1/2/2020 10:00:00:000',
  '1/2/2020 10::',
  '1/2/2020 10',
  '1/2/2020 10 AM',
  'Mon Jan 1 2020 00:00:00 GMT+0530 (India Standard Time)',
  '2011-10-10T14:48:00.000+09:00',
  'Aug 9, 1995',
  'Wed, 09 Aug 1995 00:00:00',
  '1-1-1970',
  '2020-1',
  '2020-10',
  '2020-010',
  '1/1/1',
  '1/1',
  'may',
  'may 5',
  'Sunday, January 5, 2020 at 3:00 PM',
  '2020-06-15T10:20:30.',
  '2020-06-15T10:20:30.1',
  '2020-06-15 10:20:30.1',
  '2020-06-15 10:20:30.1234',
  '2020-06-15T10:20:30 Z',
  '2020-06-15 T10:20',
];
for (const text of fixed) ask('p ' + text, Date.parse(text));
const number = () =>
  pick([below(13), below(32), below(60), below(100), 1900 + below(200), below(10000), '0' + below(10), '00']);
const words = [
  'Jan',
  'feb',
  'March',
  'Tue',
  'GMT',
  'UTC',
  'Z',
  'EST',
  'AM',
  'pm',
  'T',
  'x',
  '(c)',
  '(',
  ')',
  ' ',
  ' ',
  ' ',
  ' ',
  '-',
  '-',
  '/',
  '/',
  ':',
  ':',
  ':',
  '.',
  ',',
  '+',
  '+01:00',
  '+0100',
  '12:30',
  '10:20:30',
  '2020-01-02',
];
for (let i = 0; i < count; i++) {
  let text = '';
  for (let n = 1 + below(9); n > 0; n--) text += below(2) ? number() : pick(words);
  if (!text.startsWith(' ')) ask('p ' + text, Date.parse(text));
  const time = pick([
    () => (below(2 ** 24) * 2 ** 24 + below(2 ** 24)) * pick([1, -1]) * 30,
    () => below(2 ** 31) * 1000,
    () => pick([0, -1, 8.64e15, -8.64e15, -62167219200000, -62167219200001, 253402300799999, 253402300800000]),
  ])();
  const date = new Date(time);
  if (Math.abs(time) <= 8.64e15)
    ask('f ' + time, `${date.toISOString()}|${date.toUTCString()}|${date.toString().replace(/ \(.*/, '')}`);
  const fields = [
    below(4) ? 1900 + below(200) : below(500000) - 250000,
    below(40) - 20,
    below(80) - 40,
    below(50) - 10,
    below(100) - 20,
    below(100) - 20,
    below(3000) - 1000,
  ];
  if (fields[0] >= 0 && fields[0] < 100) fields[0] += 100;
  ask('d ' + fields.join(' '), Date.UTC(...fields));
}
const replies = execFileSync(probe, {
  input: requests.join('\n') + '\n',
  encoding: 'latin1',
  maxBuffer: 1 << 28,
}).split('\n');
let failures = 0;
requests.forEach((request, i) => {
  if (replies[i] === expected[i] || ++failures > 40) return;
  console.log(`${request}  engine ${replies[i]}  node ${expected[i]}`);
});
console.log(
  failures
    ? `calendar: ${failures} differences of ${requests.length}`
    : `calendar: no differences in ${requests.length} requests`,
);
process.exitCode = failures > requests.length / 10000 ? 1 : 0; // nonsense may be read differently now and then
