// Matching, capturing, replacing and splitting with regular expressions.
const log = Array.from({ length: 400 }, (_, i) =>
  `2026-0${1 + (i % 9)}-1${i % 10}T0${i % 10}:15:0${i % 10}Z host${i % 17}.example.org GET /items/${i}?page=${i % 5} ${200 + (i % 3) * 100} ${i * 37}`,
).join('\n');

function run() {
  let check = 0;
  const line = /^(\d{4})-(\d\d)-(\d\d)T\S+ (?<host>[\w.]+) (GET|POST) (\/\w+\/\d+)\?page=(\d) (\d{3}) (\d+)$/gm;
  for (let match = line.exec(log); match !== null; match = line.exec(log)) {
    check += Number(match[9]) + match.groups.host.length;
  }
  check += log.replace(/(\w+)\.example\.org/g, '<$1>').length;
  check += log.replace(/\d+/g, (digits) => String(digits.length)).length;
  check += log.split(/\s+/).length;
  for (const word of log.split('\n')) if (/(?:host1[0-3]|items\/3\d\d).*?(?=200|400)/i.test(word)) check++;
  return check;
}
