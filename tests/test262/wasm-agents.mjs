// $262.agent for the wasm worker: every agent is a sandbox of one engine instance. They take turns on this thread (time
// slices), Atomics.wait sets a guest aside, and memory is shared by address (engine/host/runtime/test_hooks.c).
// https://github.com/tc39/test262/blob/main/INTERPRETING.md
import { blocking } from 'caisson';
import { createTestSandbox } from '../tools/test-sandbox.mjs';

const timeSlice = 1;

const mainPrelude = `{
  const { start, broadcast, ...agent } = host;
  delete globalThis.host;
  const memories = [];
  $262.agent = {
    ...agent,
    start(script) { start(String(script)); },
    broadcast(buffer, value) {
      memories.push(buffer);
      broadcast($262.shareMemory(buffer), Number(value));
    },
  };
}`;
const agentPrelude = `{
  const { expectBroadcast, ...agent } = host;
  delete globalThis.host;
  let receiver;
  $262.agent = {
    ...agent,
    receiveBroadcast(callback) { receiver = callback; expectBroadcast(); },
    report(text) { agent.report(String(text)); },
  };
  Object.defineProperty($262, 'deliver', { value: (address, value) => { receiver($262.adoptMemory(address), value); } });
}`;

export class Agents {
  #options; // of their sandboxes
  #agents = [];
  #reports = [];

  constructor(options) {
    // As many as there are fit into one.
    this.#options = { ...options, timeSlice, memoryLimit: 64 * 1024 * 1024, isolation: 'shared' };
  }

  /** What both kinds have. */
  #common() {
    return {
      sleep: blocking((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
      monotonicNow: () => performance.now(),
    };
  }

  /** The sandbox of the main agent. */
  async createMain(globals) {
    const host = {
      ...this.#common(),
      getReport: () => this.#reports.shift() ?? null,
      start: (script) => this.#start(script),
      broadcast: blocking((address, value) => this.#broadcast(address, value)),
    };
    const sandbox = await createTestSandbox({ ...this.#options, globals: { ...globals, host } });
    sandbox.evalSync(mainPrelude);
    return sandbox;
  }

  #start(script) {
    const agent = { sandbox: undefined, isListening: false, isReady: undefined };
    const listens = new Promise((resolve) => {
      agent.listen = () => {
        agent.isListening = true;
        resolve();
      };
    });
    const host = {
      ...this.#common(),
      report: (text) => {
        this.#reports.push(text);
      },
      expectBroadcast: () => agent.listen(),
      leaving: () => {},
    };
    const run = async () => {
      agent.sandbox = await createTestSandbox({ ...this.#options, globals: { host } });
      agent.sandbox.evalSync(agentPrelude);
      await agent.sandbox.eval(`${script}\n;void 0`, { name: 'agent.js' });
    };
    agent.isReady = Promise.race([listens, run()]).catch(() => {});
    this.#agents.push(agent);
  }

  // Returns when every agent that listens has it. What its callback does is its own.
  async #broadcast(address, value) {
    for (const agent of this.#agents) {
      await agent.isReady;
      if (!agent.isListening || agent.sandbox.isDisposed) continue;
      agent.isListening = false;
      agent.sandbox.eval(`$262.deliver(${address}, ${value})`).catch(() => {});
    }
  }

  dispose() {
    for (const { sandbox } of this.#agents) sandbox?.dispose();
  }
}
