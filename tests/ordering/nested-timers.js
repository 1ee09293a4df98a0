const log = (...words) => console.log(words.join(' '));
setTimeout(() => {
  log('timer 1');
  Promise.resolve().then(() => { log('job of timer 1'); queueMicrotask(() => log('job of job')); });
  setTimeout(() => { log('nested timer'); queueMicrotask(() => log('job of nested timer')); }, 1);
}, 1);
setTimeout(() => { log('timer 2'); Promise.resolve().then(() => log('job of timer 2')); }, 1);
setTimeout((a, b) => log('arguments', a, b), 600, 'x', 'y');
const cancelled = setTimeout(() => log('never'), 100);
setTimeout(() => clearTimeout(cancelled), 1);
let turns = 0;
const interval = setInterval(() => { log('turn', ++turns); Promise.resolve().then(() => log('job of turn', turns)); if (turns === 3) clearInterval(interval); }, 800);
(async () => { await new Promise((r) => setTimeout(r, 400)); log('awaited timer'); await null; log('after it'); })();
queueMicrotask(() => { log('microtask'); setTimeout(() => log('timer of microtask'), 1); });
log('end of script');
