// What tests/bench/first-line.mjs waits for: a line of output, and one of a timer with the milliseconds from the end of
// the script to it.
var show = typeof console === 'object' ? (text) => console.log(text) : print;
show('line');
setTimeout(() => show(`timer ${Date.now() - end}`), 0);
var end = Date.now();
