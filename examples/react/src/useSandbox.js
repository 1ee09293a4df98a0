import { createSandbox } from 'caisson';
import { useEffect, useRef, useState } from 'react';

const LINES = 1000; // that are kept

/** Runs programs, one at a time, each in a sandbox of its own that goes with the next one or with the component. */
export function useSandbox({ globals = {} } = {}) {
  const [lines, setLines] = useState([]);
  const [isRunning, setRunning] = useState(false);
  const current = useRef(undefined); // the AbortController of the last program
  useEffect(() => () => current.current?.abort(), []);

  async function run(source) {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    setLines([]);
    setRunning(true);
    const print = (text) => {
      if (!controller.signal.aborted) setLines((before) => [...before, text].slice(-LINES));
    };
    let sandbox;
    controller.signal.addEventListener('abort', () => sandbox?.dispose());
    try {
      sandbox = await createSandbox({
        timeSlice: 5,
        totalTimeLimit: 60_000,
        memoryLimit: 64 * 1024 * 1024,
        globals,
        console: { log: print, debug: print, info: print, warn: print, error: print, text: true },
        onUncaughtError: (error) => print(`Uncaught: ${error}`),
        onUnhandledRejection: (reason) => print(`Not handled: ${String(reason)}`),
      });
      if (controller.signal.aborted) return sandbox.dispose();
      const value = await sandbox.eval(source, { name: 'program.js', signal: controller.signal });
      if (value !== undefined) print(`= ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
    } catch (error) {
      print(error instanceof Error ? (error.stack ?? String(error)) : `Thrown: ${String(error)}`);
    } finally {
      // The sandbox stays: its timers go on printing until the next program.
      if (current.current === controller) setRunning(false);
    }
  }

  function stop() {
    current.current?.abort();
    setLines((before) => [...before, 'Stopped.']);
    setRunning(false);
  }

  return { lines, isRunning, run, stop };
}
