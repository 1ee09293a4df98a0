import {
  BehaviorSubject,
  combineLatest,
  concat,
  defer,
  EMPTY,
  from,
  interval,
  merge,
  of,
  range,
  ReplaySubject,
  Subject,
  throwError,
  timer,
  zip,
} from 'rxjs';
import {
  bufferCount,
  catchError,
  concatMap,
  debounceTime,
  delay,
  distinctUntilChanged,
  exhaustMap,
  groupBy,
  map,
  mergeMap,
  reduce,
  retry,
  scan,
  share,
  startWith,
  switchMap,
  take,
  takeUntil,
  tap,
  toArray,
  withLatestFrom,
} from 'rxjs/operators';

// A clock of its own: on a loaded machine the operators' timers would fall due in another order than on an idle one.
// Each step still is a timer of the host.
const hostTimeout = globalThis.setTimeout;
const pending = new Map();
let [clock, counter, isStepping] = [1000, 0, false];
function step() {
  const [id, entry] = [...pending].reduce((first, other) => (other[1].due < first[1].due ? other : first));
  clock = entry.due;
  pending.delete(id);
  if (entry.every !== undefined) pending.set(id, { ...entry, due: clock + entry.every });
  entry.work();
  isStepping = pending.size > 0;
  if (isStepping) hostTimeout(step, 1);
}
const start = (work, delay, every) => {
  if (!isStepping) hostTimeout(step, 1);
  isStepping = true;
  pending.set(++counter, { work, due: clock + delay, every });
  return counter;
};
globalThis.setTimeout = (work, delay = 0) => start(work, delay);
globalThis.setInterval = (work, delay) => start(work, delay, delay);
globalThis.clearTimeout = globalThis.clearInterval = (id) => pending.delete(id);
Date.now = () => clock;

const show = (name) => ({
  next: (value) => console.log(name, JSON.stringify(value)),
  error: (error) => console.log(name, 'error', error.message),
  complete: () => console.log(name, 'done'),
});

range(1, 10)
  .pipe(
    map((n) => n * n),
    bufferCount(4),
    toArray(),
  )
  .subscribe(show('buffer'));
from('hello')
  .pipe(
    groupBy((c) => c),
    mergeMap((group) =>
      group.pipe(
        reduce((n) => n + 1, 0),
        map((n) => `${group.key}${n}`),
      ),
    ),
  )
  .subscribe(show('group'));
zip(of(1, 2, 3), of('a', 'b')).subscribe(show('zip'));
const state = new BehaviorSubject(1);
combineLatest([state, of('x')])
  .pipe(take(3))
  .subscribe(show('combine'));
state.next(2);
state.next(2);
let attempts = 0;
defer(() => (++attempts < 3 ? throwError(() => new Error(`attempt ${attempts}`)) : of(attempts)))
  .pipe(retry(5))
  .subscribe(show('retry'));
throwError(() => new Error('bad'))
  .pipe(catchError((error) => of(`caught ${error.message}`)))
  .subscribe(show('catch'));
concat(of(1).pipe(delay(600)), of(2), EMPTY, of(3)).subscribe(show('concat'));
interval(10)
  .pipe(
    take(3),
    scan((sum, n) => sum + n, 0),
    distinctUntilChanged(),
    startWith('start'),
  )
  .subscribe(show('interval'));
merge(timer(3000).pipe(map(() => 'late')), timer(2400).pipe(map(() => 'early'))).subscribe(show('merge'));
const clicks = new Subject();
const replay = new ReplaySubject(2);
clicks.pipe(switchMap((n) => timer(1200).pipe(map(() => n)))).subscribe(show('switch'));
clicks.pipe(exhaustMap((n) => timer(3600).pipe(map(() => n)))).subscribe(show('exhaust'));
clicks
  .pipe(
    concatMap((n) => Promise.resolve(n * 10)),
    takeUntil(timer(4200)),
  )
  .subscribe(show('promise'));
clicks
  .pipe(
    debounceTime(1800),
    withLatestFrom(state),
    share(),
    tap((value) => replay.next(value)),
  )
  .subscribe(show('debounce'));
clicks.next(1);
clicks.next(2);
setTimeout(() => clicks.next(3), 4800);
setTimeout(() => replay.subscribe(show('replay')), 7500);
