// Events, abort signals, ports and performance, as the DOM Standard and Web IDL have them.
const tried = (act) => { try { return act(); } catch (error) { return error instanceof Error ? `${error.name}: ${error.message.slice(0, 40)}` : `threw ${error}`; } };
const target = new EventTarget();
const log = [];
target.addEventListener('x', () => log.push('bubbling'));
target.addEventListener('x', () => log.push('capturing'), true);
target.addEventListener('x', { handleEvent(event) { log.push(`object ${this === event.currentTarget} ${event.eventPhase} ${event.composedPath().length}`); } });
target.addEventListener('x', () => log.push('once'), { once: true });
target.dispatchEvent(new Event('x'));
target.dispatchEvent(new Event('x'));
console.log(log.join());

const event = new Event('x', { bubbles: true, cancelable: true, composed: true });
console.log(event.type, event.bubbles, event.cancelable, event.composed, event.target, event.currentTarget, event.eventPhase, event.isTrusted, event.composedPath().length, event.timeStamp >= 0);
console.log(Event.NONE, Event.CAPTURING_PHASE, event.AT_TARGET, Event.prototype.BUBBLING_PHASE, Object.keys(event).join(), JSON.stringify(Object.getOwnPropertyDescriptor(Event, 'AT_TARGET')));
event.preventDefault();
console.log(event.defaultPrevented, event.returnValue);
event.initEvent('y', false, true);
console.log(event.type, event.bubbles, event.defaultPrevented, event.returnValue);
event.returnValue = true;
console.log(event.defaultPrevented);
event.returnValue = false;
console.log(event.defaultPrevented);
event.cancelBubble = true;
event.cancelBubble = false;
console.log(event.cancelBubble, target.dispatchEvent(event), event.cancelBubble);

// A passive listener cannot prevent; one that stops keeps the others from running.
const passive = new EventTarget();
passive.addEventListener('p', (one) => { one.preventDefault(); one.returnValue = false; log.push(`passive ${one.defaultPrevented}`); }, { passive: true });
passive.addEventListener('p', (one) => { one.stopImmediatePropagation(); one.preventDefault(); });
passive.addEventListener('p', () => log.push('never'));
log.length = 0;
console.log(passive.dispatchEvent(new Event('p', { cancelable: true })), log.join());
const stopping = new EventTarget();
stopping.addEventListener('s', (one) => one.stopPropagation(), true);
stopping.addEventListener('s', () => console.log('never'));
stopping.dispatchEvent(new Event('s'));
const nested = new EventTarget();
nested.addEventListener('n', (one) => {
  console.log(tried(() => nested.dispatchEvent(one)));
  one.initEvent('changed');
  nested.removeEventListener('n', second);
  nested.addEventListener('n', () => console.log('never'));
  console.log(one.type);
});
const second = () => console.log('never');
nested.addEventListener('n', second);
nested.dispatchEvent(new Event('n'));
for (const wrong of [() => new Event(), () => Event('x'), () => new Event('x', 1), () => target.addEventListener('x'), () => target.addEventListener('x', 1), () => target.addEventListener('x', null, { signal: null }), () => target.addEventListener('x', null, { signal: {} }),
  () => target.dispatchEvent({}), () => target.dispatchEvent(), () => EventTarget.prototype.dispatchEvent.call({}, event), () => new AbortSignal(), () => new MessagePort(), () => new Performance(), () => AbortSignal.timeout(-1), () => AbortSignal.timeout(), () => AbortSignal.any([{}]),
  () => AbortSignal.any(1), () => Object.getOwnPropertyDescriptor(Event.prototype, 'type').get.call({})]) console.log(tried(wrong));
console.log(target.addEventListener('x', null), target.removeEventListener('x', undefined));

const custom = new CustomEvent('c', { detail: 0 });
console.log(custom.detail, new CustomEvent('c').detail, custom instanceof Event, String(custom));
custom.initCustomEvent('d', true, true, { a: 1 });
console.log(custom.type, custom.bubbles, custom.detail.a);

// All dependents are aborted before any listener runs, and their events come in order.
const controllers = [new AbortController(), new AbortController()];
const first = AbortSignal.any([controllers[0].signal, controllers[1].signal]);
const later = AbortSignal.any([first, controllers[1].signal]);
const order = [];
controllers[0].signal.addEventListener('abort', () => order.push(`source ${first.aborted} ${later.aborted}`));
first.onabort = (one) => { order.push(`first ${one.target === first} ${one.isTrusted}`); controllers[1].abort('other'); };
later.onabort = () => { order.push(`later ${later.reason}`); return false; };
controllers[0].abort('why');
console.log(order.join(', '), first.reason, later.reason, controllers[1].signal.reason);
console.log(tried(() => later.throwIfAborted()), AbortSignal.any([]).aborted, AbortSignal.abort().reason.name, AbortSignal.abort(null).reason, AbortSignal.any([AbortSignal.abort(7)]).reason);
later.onabort = null;
console.log(later.onabort, typeof first.onabort);
first.onabort = 5;
console.log(first.onabort);
const controller = new AbortController();
const removed = new EventTarget();
removed.addEventListener('r', () => console.log('never'), { signal: controller.signal });
removed.addEventListener('r', () => console.log('never'), { signal: AbortSignal.abort() });
controller.abort();
removed.dispatchEvent(new Event('r'));
setTimeout(() => {}, 40);  // nobody waits for the timer of a signal
AbortSignal.timeout(1).addEventListener('abort', function () { console.log('timeout', this.reason.name, this.reason.code); });

console.log(performance instanceof EventTarget, typeof performance.now(), Object.keys(performance).length, 'timeOrigin' in Performance.prototype, JSON.stringify(Object.keys(performance.toJSON())), String(performance), tried(() => Performance.prototype.now.call({})));
performance.addEventListener('x', () => console.log('performance heard'));
performance.dispatchEvent(new Event('x'));

console.log(DOMException.ABORT_ERR, new DOMException('m', 'SyntaxError').code, new DOMException('m', 'NoSuch').code, DOMException.prototype.DATA_CLONE_ERR, new DOMException().name, String(new DOMException('m', null)),
  Object.getOwnPropertyNames(new DOMException('m')).join(), Object.getPrototypeOf(DOMException) === Function.prototype, new DOMException('m') instanceof Error, tried(() => DOMException.prototype.name), tried(() => DOMException('m')));
class Special extends DOMException { constructor() { super('special', 'AbortError'); } }
const special = new Special();
console.log(special instanceof Special, special.message, special.stack.split('\n')[0], new DOMException('m', { name: 'N', cause: 1 }).cause);
try { throw new DOMException('caught', 'DataError'); } catch ({ name, message }) { console.log(name, message); }

const { port1, port2 } = new MessageChannel();
const other = new MessageChannel();
other.port1.onmessage = ({ data }) => console.log('through the moved port', data);
port1.onmessage = (message) => {
  const [port] = message.ports;
  console.log(message.data.text, message.data.port === port, message.ports.length, Object.isFrozen(message.ports), message.origin === '', message.source, message.lastEventId === '');
  port.postMessage('hello');
  console.log(tried(() => other.port2.postMessage('lost')));
  port1.close();
};
port2.postMessage({ text: 'with a port', port: other.port2 }, [other.port2]);
console.log(tried(() => port2.postMessage(other.port2)), '|', tried(() => port2.postMessage(1, [port2])), '|', tried(() => port2.postMessage(1, { transfer: [other.port2] })), '|', tried(() => port2.postMessage()));

// Listeners that are added and removed while an event is dispatched; thousands of them.
{
  const crowd = new EventTarget();
  const seen = [];
  const listeners = Array.from({ length: 2000 }, (_, index) => () => {
    seen.push(index);
    crowd.removeEventListener('x', listeners[index + 1]);
    if (index === 10) crowd.addEventListener('x', () => seen.push('added'), { once: true });
  });
  for (const listener of listeners) crowd.addEventListener('x', listener, { once: true });
  for (const listener of listeners.slice(1500)) crowd.removeEventListener('x', listener);
  for (const listener of listeners.slice(1990)) crowd.addEventListener('x', listener);
  crowd.addEventListener('x', listeners[0], true);
  crowd.addEventListener('x', listeners[0], { once: false });
  crowd.dispatchEvent(new Event('x'));
  console.log(seen.length, seen.slice(0, 5).join(), seen.slice(-6).join());
  seen.length = 0;
  crowd.dispatchEvent(new Event('x'));
  console.log(seen.join());

  const stop = new AbortController();
  for (let i = 0; i < 1000; i++) crowd.addEventListener('y', () => seen.push('never'), { signal: stop.signal });
  const kept = () => seen.push('kept');
  crowd.addEventListener('y', kept, { signal: stop.signal });
  crowd.removeEventListener('y', kept);
  crowd.addEventListener('y', kept);
  stop.abort();
  seen.length = 0;
  crowd.dispatchEvent(new Event('y'));
  console.log(seen.join());
}

// Signals of signals of signals, from one source.
{
  const source = new AbortController();
  const order = [];
  const note = (name, signal) => (signal.addEventListener('abort', () => order.push(`${name} ${all.every((one) => one.aborted)} ${signal.reason}`)), signal);
  const first = note('first', AbortSignal.any([source.signal]));
  const second = note('second', AbortSignal.any([first, first, source.signal]));
  const third = note('third', AbortSignal.any([new AbortController().signal, source.signal]));
  const all = [source.signal, first, second, third, note('fourth', AbortSignal.any([third, first]))];
  source.abort('why');
  source.abort('again');
  console.log(order.join('; '), AbortSignal.any([third]).reason);
}
