// npm run fuzz -- history [--seconds N] [--seed N] [--count N] [--skip TEXT]... [--replay FILE]: random histories of
// API calls, in a process that is watched. A history that breaks something is made shorter as far as it still does,
// printed, and written to build/fuzz. Histories with a skipped text are left out.
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHistory } from './history-steps.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const WATCHDOG = 100_000; // ms: it may run beside everything else, at the lowest priority
const SHRINKING_TIME = 60_000; // ms for one finding

class Performer {
  #child;

  async #start() {
    while (this.#child === undefined) {
      this.#child = fork(join(folder, 'history-process.mjs'), {
        execArgv: ['--expose-gc'],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      this.#child.stderr.on('data', (text) => {
        this.errors = String(text).slice(-500);
      });
      await this.#answer();
    }
  }

  #answer() {
    const child = this.#child;
    return new Promise((resolve) => {
      const finish = (result) => {
        clearTimeout(timer);
        child.off('exit', onEnd);
        child.off('message', finish);
        resolve(result);
      };
      const onEnd = (code, signal) => {
        this.#child = undefined;
        finish({ problems: [`the process ended: ${signal ?? code} ${this.errors ?? ''}`] });
      };
      const timer = setTimeout(() => {
        this.close();
        finish({ problems: ['it hung'] });
      }, WATCHDOG);
      child.once('exit', onEnd);
      child.once('message', finish);
    });
  }

  /** What was wrong; empty: nothing. */
  async perform(history) {
    await this.#start();
    const answer = this.#answer();
    this.#child.send({ history });
    return (await answer).problems;
  }

  close() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

// The kind of a problem, without numbers and programs.
const kindOf = (problem) =>
  problem
    .replace(/\d+/g, 'N')
    .replace(/^(eval|evalSync|import) .* (failed|gave)/s, '$1 $2')
    .slice(0, 60);

async function shrink(performer, history, kind) {
  const end = Date.now() + SHRINKING_TIME;
  const fails = async (candidate) => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const problems = await performer.perform(candidate);
      performer.close();
      if (problems.length > 0 && kindOf(problems[0]) === kind) return true;
    }
    return false;
  };
  for (let size = history.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at + size <= history.length && Date.now() < end; ) {
      const candidate = history.toSpliced
        ? history.toSpliced(at, size)
        : [...history.slice(0, at), ...history.slice(at + size)];
      if (candidate.length > 0 && (await fails(candidate))) history = candidate;
      else at += size;
    }
  }
  return history;
}

/** Gives the findings: [{seed, problems, history}]. */
export async function fuzzHistories({
  seconds = 60,
  seed = 1,
  count = Infinity,
  skip = [],
  shrinks = true,
  report = () => {},
} = {}) {
  const performer = new Performer();
  const findings = [];
  const kinds = new Set();
  const end = Date.now() + seconds * 1000;
  let done = 0;
  for (; done < count && Date.now() < end; done++, seed++) {
    if (done % 100 === 99) performer.close();
    const history = makeHistory(seed);
    if (skip.some((text) => JSON.stringify(history).includes(text))) continue;
    const problems = await performer.perform(history);
    if (problems.length === 0) continue;
    performer.close();
    const kind = kindOf(problems[0]);
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const finding = { seed, problems, history: shrinks ? await shrink(performer, history, kind) : history };
    findings.push(finding);
    report(finding);
  }
  performer.close();
  return { done, findings };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const usage = `npm run fuzz -- history [options]: histories of calls of the package, each compared with a model
  --seconds N      how long (60)
  --count N        at most as many histories
  --seed N         of the first history
  --replay FILE    one history that was found
  --skip TEXT      leave out histories with this text (may be repeated)`;
  const { values } = readCommandLine(
    usage,
    {
      options: {
        seconds: { type: 'string', default: '60' },
        seed: { type: 'string' },
        count: { type: 'string', default: 'Infinity' },
        replay: { type: 'string' },
        skip: { type: 'string', multiple: true },
      },
    },
    ['seconds', 'seed', 'count'],
  );
  if (values.replay) {
    const performer = new Performer();
    const problems = await performer.perform(JSON.parse(readFileSync(values.replay, 'utf8')));
    performer.close();
    console.log(problems.length === 0 ? 'No finding.' : problems.join('\n'));
    process.exit(problems.length === 0 ? 0 : 1);
  }
  const artifacts = join(folder, '..', '..', 'build', 'fuzz');
  mkdirSync(artifacts, { recursive: true });
  const seed = values.seed === undefined ? Date.now() % 1e9 : Number(values.seed);
  const { done, findings } = await fuzzHistories({
    seconds: Number(values.seconds),
    seed,
    count: Number(values.count),
    skip: values.skip,
    report(finding) {
      const file = join(artifacts, `history-${finding.seed}.json`);
      writeFileSync(file, JSON.stringify(finding.history));
      console.log(
        `Seed ${finding.seed}:\n  ${finding.problems.join('\n  ')}\n${finding.history.map((step) => `    ${JSON.stringify(step)}`).join('\n')}\n  --replay ${file}`,
      );
    },
  });
  console.log(
    `${done} histories from seed ${seed}; ${findings.length === 0 ? 'no finding' : `${findings.length} kinds of findings`}.`,
  );
  process.exit(findings.length === 0 ? 0 : 1);
}
