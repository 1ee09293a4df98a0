// What tests/bench/first-line.mjs waits for: a line of output, and after the end of the script one of a timer.
var show = typeof console === 'object' ? (text) => console.log(text) : print;
show('line');
setTimeout(() => show('timer'), 0);
