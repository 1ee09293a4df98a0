// Dates in UTC: what they print, how their fields are set and which texts they read.
const attempt = (run) => {
  try {
    console.log(`${run()}`);
  } catch (error) {
    console.log('throws ' + error.name);
  }
};
for (const time of [0, -1, 8.64e15, -8.64e15, 8.64e15 + 1, NaN, 951782400000, -62167219200000, -62198755200000, 253402300800000, 1700000000123]) {
  const date = new Date(time);
  attempt(() => date.toISOString());
  attempt(() => date.toUTCString());
  attempt(() => JSON.stringify(date));
  attempt(() => [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCDay(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()]);
  for (const setter of ['setUTCFullYear', 'setUTCMonth', 'setUTCDate', 'setUTCHours', 'setUTCMinutes', 'setUTCSeconds', 'setUTCMilliseconds', 'setTime']) {
    for (const values of [[], [0], [-1], [15, 20], [1, 2, 3], [1, 2, 3, 4], [NaN], ['7'], [1e20]]) attempt(() => new Date(time)[setter](...values));
  }
}
for (const fields of [[2020], [2020, 0], [2020, 11, 31, 23, 59, 59, 999], [99, 0], [100, 0], [2020, 12], [2020, -1], [NaN, 0], [275760, 8, 13], [275760, 8, 13, 0, 0, 0, 1]]) attempt(() => Date.UTC(...fields));
for (const text of ['2020', '2020-01', '2020-01-02', '2020-01-02T03:04Z', '2020-01-02T03:04:05.678+01:00', '+002020-01-02', '+275760-09-13T00:00:00.001Z', 'Tue Mar 01 2022 10:00:00 GMT+0100 (CET)',
  'Tue, 01 Mar 2022 10:00:00 GMT', 'Jan 2 2020 10:00 EST', '1/2/2020 3:04 PM UTC', '2020-13-01', '2020-01-01T24:00Z', '2020-01-01T25:00Z', 'hello', '', '2020/1/2 3:4:5.6 Z', 'Jan 2 2020 10:00 GMT-05:30']) attempt(() => Date.parse(text));
attempt(() => new Date(5) - new Date(3));
attempt(() => new Date(new Date(7)).getTime());
attempt(() => Date.prototype.getTime.call({}));
attempt(() => new Date(0)[Symbol.toPrimitive]('number'));
