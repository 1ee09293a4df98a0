// A pool of worker processes that speak one protocol, native or wasm. To the worker goes one line per run,
// fields divided by tabs:
//   id  mode  block|noblock  harness files divided by commas  path of the test in the suite
// and back comes one JSON object per line, in the same order:
//   {"id", "outcome": "ok" | "throw" | "timeout" | "limit", "name", "message", "printed": [...]}
// A worker that dies or stays silent fails the run it was at, and is replaced.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const window = 24;

export async function runAll({ command, args, jobs, timeout, runs, onResult }) {
  const queue = { next: 0 };
  await Promise.all(Array.from({ length: jobs }, () => serve({ command, args, timeout, runs, queue, onResult })));
}

async function serve(options) {
  const pending = [];
  while (pending.length > 0 || options.queue.next < options.runs.length) {
    const outcome = await lifetime(options, pending);
    if (pending.length === 0) continue;
    options.onResult(options.runs[pending.shift()], outcome);
  }
}

// Runs one worker process until it dies or all is done. Runs that it has not answered stay in `pending`,
// the first of which is the one that killed it.
function lifetime({ command, args, timeout, runs, queue, onResult }, pending) {
  return new Promise((settle, fail) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let errorText = '';
    let timedOut = false;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, timeout + 5000);
    };
    const send = (index) => {
      const { mode, canBlock, harness, name } = runs[index];
      child.stdin.write(`${index}\t${mode}\t${canBlock ? 'block' : 'noblock'}\t${harness.join(',')}\t${name}\n`);
    };
    const refill = () => {
      while (pending.length < window && queue.next < runs.length) {
        pending.push(queue.next);
        send(queue.next++);
      }
      if (pending.length === 0) child.stdin.end();
    };
    child.on('error', fail);
    child.stdin.on('error', () => {});
    child.stderr.on('data', (data) => {
      if (errorText.length < 4000) errorText += data;
    });
    createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const result = JSON.parse(line);
      if (result.id !== pending[0]) {
        fail(new Error(`The worker answered run ${result.id} while ${pending[0]} was due`));
        return;
      }
      pending.shift();
      onResult(runs[result.id], result);
      watch();
      refill();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (timedOut) settle({ outcome: 'timeout' });
      else settle({ outcome: 'crash', message: `${signal ?? `exit ${code}`}${firstLine(errorText)}` });
    });
    pending.forEach(send);
    refill();
    watch();
  });
}

function firstLine(text) {
  const line = text.split('\n').find((candidate) => /error|fail|panic|abort|:/i.test(candidate));
  return line === undefined ? '' : ` (${line.trim().slice(0, 200)})`;
}
