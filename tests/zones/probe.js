// What a program sees of local time around the transitions of a zone: a script whose value is a function. It runs in
// Node and in a sandbox and touches nothing but Date.
(function probe(transitions) {
  const minute = 60_000,
    hour = 60 * minute;
  const lines = [];
  const pad = (number) => String(number).padStart(2, '0');
  const fieldsOf = (date) => [
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
    date.getMilliseconds(),
  ];
  const instants = [-25 * hour, -hour - 1, -30 * minute, -1000, -1, 0, 1, 20 * minute, hour, 23 * hour];
  const readings = [
    -24 * hour - 1,
    -2 * hour,
    -hour,
    -30 * minute,
    -1000,
    -1,
    0,
    1,
    10 * minute,
    30 * minute,
    60 * minute - 1,
    hour,
    90 * minute,
    24 * hour,
  ];
  for (const { at, before, after } of transitions) {
    const line = [at];
    for (const distance of instants) {
      const date = new Date(at + distance);
      line.push(
        fieldsOf(date).join('.'),
        date.getDay(),
        date.getTimezoneOffset(),
        String(date),
        Date.parse(String(date)) - date,
      );
    }
    // Where the clock was, and where it was put to.
    for (const offset of [before, after]) {
      for (const distance of readings) {
        const wall = new Date(at + offset + distance);
        const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
        const clock = [wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds(), wall.getUTCMilliseconds()];
        const time = new Date(year, month, day, ...clock).getTime();
        const iso = Date.parse(
          `${year}-${pad(month + 1)}-${pad(day)}T${pad(clock[0])}:${pad(clock[1])}:${pad(clock[2])}`,
        );
        const text = Date.parse(`${month + 1}/${day}/${year} ${clock.slice(0, 3).map(pad).join(':')}`);
        const set = new Date(year, month, day + 3, 12);
        set.setDate(day);
        set.setHours(...clock);
        line.push(time - at, iso - time, text - time, set - time);
      }
    }
    // In steps through the day; each must lead on.
    const date = new Date(at - 4 * hour);
    for (let step = 0; step < 16; step++) {
      date.setMinutes(date.getMinutes() + 30);
      line.push(date - at);
    }
    for (const setter of ['setMonth', 'setDate', 'setHours', 'setMinutes', 'setSeconds', 'setMilliseconds'])
      for (const step of [-1, 1]) {
        const moved = new Date(at);
        moved[setter](moved[setter.replace('set', 'get')]() + step);
        line.push(moved - at);
      }
    lines.push(line.join(' '));
  }
  return lines;
});
