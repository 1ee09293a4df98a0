// Synchronous observable pipelines with many operators.
import { from, range, Subject } from 'rxjs';
import { bufferCount, filter, groupBy, map, mergeMap, reduce, scan, takeUntil, toArray } from 'rxjs/operators';

export function run() {
  let check = 0;
  range(0, 3000)
    .pipe(
      filter((n) => n % 2 === 0),
      map((n) => n * 3),
      bufferCount(10),
      mergeMap((list) => from(list)),
      scan((sum, n) => (sum + n) % 1009, 0),
      reduce((a, b) => a + b, 0),
    )
    .subscribe((value) => {
      check += value;
    });
  from(Array.from({ length: 600 }, (_, i) => i))
    .pipe(
      groupBy((n) => n % 7),
      mergeMap((group) => group.pipe(toArray())),
    )
    .subscribe((list) => {
      check += list.length;
    });
  const subject = new Subject();
  const stop = new Subject();
  subject.pipe(takeUntil(stop)).subscribe((n) => {
    check += n;
  });
  for (let i = 0; i < 2000; i++) subject.next(i & 3);
  stop.next();
  subject.next(1000);
  return check;
}
