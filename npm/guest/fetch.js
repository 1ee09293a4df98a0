// https://fetch.spec.whatwg.org/#fetch-method. The host does it: `send(number, text, bytes)` gives a promise of the
// response's head (texts are JSON), `read(number)` a promise of the next bytes of its body, `ended(number)` one that is
// rejected when the host ends it, `cancel(number)` ends it.
(function (web, native) {
  'use strict';
  const { Content, Request, requestState, responseOf, headerList, joined, localAnswer, withIntegrity } = web;
  const { send, read, ended, cancel, digest, concurrent, requestLimit } = native;
  const AHEAD = 262144; // bytes of a body that are read before anybody asks for them
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const { apply } = Reflect;
  let count = 0;
  let active = 0;
  const waiting = []; // for their turn
  async function turn(signal) {
    if (active < concurrent) {
      active++;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers();
    const entry = { resolve };
    waiting.push(entry);
    const stop = () => {
      const at = waiting.indexOf(entry);
      if (at >= 0) waiting.splice(at, 1);
      reject(signal.reason);
    };
    apply(addEventListener, signal, ['abort', stop, { once: true }]);
    await promise;
    apply(removeEventListener, signal, ['abort', stop]);
  }
  function done() {
    const next = waiting.shift();
    if (next === undefined) active--;
    else next.resolve();
  }

  // One request, from its turn to the end of its body.
  class Exchange {
    #number = ++count;
    #signal;
    #hasEnded = false;
    #chunks = [];
    #size = 0;
    #reading; // a promise of undefined, while the host is asked
    #failure;
    #abort;
    #isWatched = false;
    #watcher; // { ended, failed }: the stream of the body
    constructor(signal) {
      this.#signal = signal;
      this.#abort = () => this.#end({ error: signal.reason });
      apply(addEventListener, signal, ['abort', this.#abort]);
    }
    async send(head, body) {
      const stopped = new Promise((_, reject) => {
        const stop = () => reject(this.#signal.reason);
        apply(addEventListener, this.#signal, ['abort', stop, { once: true }]);
      });
      stopped.catch(() => {});
      try {
        const answer = JSON.parse(await Promise.race([send(this.#number, JSON.stringify(head), body), stopped]));
        if (!answer.hasBody) this.#end(undefined);
        else this.#readOn();
        return answer;
      } catch (error) {
        this.#end({ error });
        throw error;
      }
    }
    #end(failure) {
      if (this.#hasEnded) return;
      this.#hasEnded = true;
      this.#failure = failure;
      apply(removeEventListener, this.#signal, ['abort', this.#abort]);
      if (failure !== undefined) {
        this.#chunks = [];
        cancel(this.#number);
      }
      done();
      if (failure !== undefined) this.#watcher?.failed(failure.error);
      else if (this.isDone) this.#watcher?.ended();
    }
    // A body that nobody reads any more keeps its turn no longer than the host allows.
    #watch() {
      if (this.#isWatched) return;
      this.#isWatched = true;
      ended(this.#number).catch((error) => this.#end({ error }));
    }
    #readOn() {
      if (this.#size >= AHEAD) this.#watch();
      if (this.#reading !== undefined || this.#hasEnded || this.#size >= AHEAD) return;
      this.#reading = (async () => {
        try {
          const chunk = await read(this.#number);
          if (this.#hasEnded) return;
          if (chunk === undefined) return this.#end(undefined);
          this.#chunks.push(chunk);
          this.#size += chunk.length;
        } catch (error) {
          this.#end({ error });
        } finally {
          this.#reading = undefined;
        }
        this.#readOn();
      })();
    }
    get failure() {
      return this.#failure;
    }
    get isDone() {
      return this.#hasEnded && this.#failure === undefined && this.#chunks.length === 0;
    }
    // What happens before anybody asks for the next bytes.
    watch(watcher) {
      this.#watcher = watcher;
      if (this.#failure !== undefined) watcher.failed(this.#failure.error);
      else if (this.isDone) watcher.ended();
    }
    async pull() {
      while (this.#chunks.length === 0 && !this.#hasEnded) {
        this.#readOn();
        await this.#reading;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) this.#size -= chunk.length;
      this.#readOn();
      return chunk;
    }
    cancel() {
      this.#chunks = [];
      this.#end({ error: new TypeError('The body was cancelled') });
    }
  }

  const originOf = (address) => new URL(address).origin;
  async function fetch(input, init = undefined) {
    if (arguments.length === 0) throw new TypeError('fetch: 1 argument required, but only 0 present');
    const state = requestState(new Request(input, init));
    const { url, method, headers, redirect, content, signal, integrity, mode } = state;
    if (signal.aborted) {
      content?.cancel(signal.reason);
      throw signal.reason;
    }
    const local = localAnswer(state);
    if (local !== undefined) {
      const { bytes, ...head } = local;
      const whole = new Content({ bytes });
      return responseOf(head, integrity === '' ? whole : await withIntegrity(integrity, whole, digest));
    }
    const isElsewhere = web.base !== undefined && url.origin !== originOf(web.base);
    if (isElsewhere && mode === 'same-origin')
      throw new TypeError(`fetch: ${url.origin} is another origin, which the mode 'same-origin' does not allow`);
    if (isElsewhere && mode === 'no-cors' && redirect !== 'follow')
      throw new TypeError("fetch: the mode 'no-cors' follows redirects of other origins");
    const body = content === null ? undefined : await content.read({ signal, limit: requestLimit });
    if (signal.aborted) throw signal.reason;
    await turn(signal);
    if (signal.aborted) {
      done();
      throw signal.reason;
    }
    const exchange = new Exchange(signal);
    const head = {
      url: url.href,
      method,
      headers: headerList(headers),
      redirect,
      isSameOrigin: mode === 'same-origin',
    };
    const answer = await exchange.send(head, body);
    try {
      const isForeign = answer.type === 'basic' && (isElsewhere || answer.hasCrossed);
      // Nobody can read its body, which ends by itself, with the signal, or when the host's time is over.
      if (isForeign && mode === 'no-cors') {
        if (integrity !== '') throw new TypeError("fetch: integrity needs a mode other than 'no-cors'");
        const hidden = { status: 0, statusText: '', headers: [], url: '', redirected: false, type: 'opaque' };
        return responseOf(hidden, null);
      }
      if (isForeign) answer.type = 'cors';
      const received = answer.hasBody ? new Content({ source: exchange }) : null;
      if (integrity === '' || answer.type === 'opaqueredirect') return responseOf(answer, received);
      const whole = received ?? new Content({ bytes: joined([]) });
      return responseOf(answer, await withIntegrity(integrity, whole, digest));
    } catch (error) {
      exchange.cancel();
      throw error;
    }
  }
  web.defineGlobal('fetch', fetch);
});
