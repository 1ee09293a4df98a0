// npm run bench: Caisson and its peers on the same programs, interleaved in one process.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../wasm-glue/tools/build.mjs';
import { buildPackage } from '../../wasm-glue/tools/package.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { setUp } from '../../wasm-glue/tools/set-up.mjs';
import { measureBaseline } from './baseline.mjs';
import { engines as engineFactories, engineTitles } from './engines.mjs';
import { measureFirstLine } from './first-line.mjs';
import { addRatio, measureCase } from './measure-case.mjs';
import { measureInPage, pageEngineNames } from './in-chromium.mjs';
import { allCases } from './measures.mjs';
import { measureSizes } from './sizes.mjs';
import { measurePageStarts } from './page-start.mjs';
import { chart, geometricMean, printTable } from './output.mjs';
import { measurePauses } from './pauses.mjs';
import { checkRun } from './regressions.mjs';
import { median } from './statistics.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const usage = `npm run bench -- [options]
  --json FILE      write {programs, geomean_vs_quickjs}
  --check FILE     fail when a group takes over a tenth longer than in FILE, which --json wrote on this machine
  --only NAME      only programs or groups whose name contains NAME (may be repeated)
  --engines LIST   of ${Object.keys(engineFactories).join(',')}
  --rounds N       at most N measured rounds each (7)
  --svg FILE       where the chart goes (build/bench.svg)
  --no-build       use what is built already
  --chromium       what pages can measure, Caisson and quickjs-emscripten only: calls and values between host and
                   guest, new sandboxes, starts, pauses, frames`;

function measureColdStart(names, rounds) {
  const times = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < Math.min(rounds, 5); round++) {
    for (const name of names) {
      const output = execFileSync(process.execPath, ['--no-warnings', join(here, 'cold-start.mjs'), name], {
        encoding: 'utf8',
        cwd: root,
      });
      times.get(name).push(Number(output));
    }
  }
  const row = { name: 'cold start of the engine to the first result', group: 'startup' };
  for (const name of names) row[`${name}_ms`] = median(times.get(name));
  return row;
}

async function measureFirstLines(names, rounds) {
  const line = { name: 'first line: from the start of the process to the first output', group: 'startup' };
  const timer = { name: 'first timer: from the end of the script to the first timer', group: 'startup' };
  const times = new Map(names.map((name) => [name, []]));
  try {
    for (let round = 0; round < Math.min(rounds, 5); round++)
      for (const name of names) times.get(name).push(await measureFirstLine(name));
    for (const name of names) {
      line[`${name}_ms`] = median(times.get(name).map((time) => time.line));
      timer[`${name}_ms`] = median(times.get(name).map((time) => time.timer));
    }
  } catch (error) {
    line.error = timer.error = String(error.message);
  }
  return [line, timer];
}

async function main() {
  const { values } = readCommandLine(
    usage,
    {
      options: {
        json: { type: 'string' },
        check: { type: 'string' },
        only: { type: 'string', multiple: true },
        engines: { type: 'string', default: Object.keys(engineFactories).join(',') },
        rounds: { type: 'string', default: '7' },
        svg: { type: 'string', default: join(root, 'build', 'bench.svg') },
        'no-build': { type: 'boolean', default: false },
        chromium: { type: 'boolean', default: false },
      },
    },
    ['rounds'],
  );
  const stored = values.check === undefined ? undefined : JSON.parse(readFileSync(values.check, 'utf8')).programs;
  const names = values.engines.split(',');
  const unknown = names.filter((name) => !(name in engineFactories));
  if (unknown.length > 0) {
    console.error(`Unknown engine: ${unknown.join(', ')}. There are: ${Object.keys(engineFactories).join(', ')}`);
    return 2;
  }
  if (!values['no-build']) {
    await setUp(['browser'], { npm: true });
    if (names.includes('caisson')) {
      await build('browser');
      await buildPackage();
    }
  }
  const rounds = Number(values.rounds);
  const wanted = ({ name, group }) =>
    values.only === undefined || values.only.some((part) => name.includes(part) || group.includes(part));
  if (values.chromium) {
    const rows = await measureInPage(rounds, values.only);
    if (wanted({ name: 'cold start, first microtask, timer and crossing', group: 'startup' }))
      rows.push(...(await measurePageStarts(pageEngineNames, Math.min(rounds, 5))).map(addRatio));
    return report(rows, pageEngineNames, { ...values, stored });
  }
  const engines = new Map();
  for (const name of names) engines.set(name, await engineFactories[name]());

  const programs = [];
  for (const item of allCases().filter(wanted)) {
    const row = addRatio(await measureCase(item, engines, rounds));
    programs.push(row);
    const ratio = row.ratio_vs_quickjs === undefined ? '' : ` (${row.ratio_vs_quickjs.toFixed(2)}x quickjs)`;
    console.log(
      `${row.name}: ${names.map((name) => `${name} ${row[`${name}_ms`]?.toFixed(2) ?? '-'}`).join(', ')}${ratio}${row.error ? ` ! ${row.error}` : ''}`,
    );
  }
  if (wanted({ name: 'cold start', group: 'startup' })) programs.push(addRatio(measureColdStart(names, rounds)));
  if (wanted({ name: 'first line first timer', group: 'startup' }))
    programs.push(...(await measureFirstLines(names, rounds)).map(addRatio));
  if (names.includes('caisson') && wanted({ name: 'largest function in the baseline tier', group: 'startup' }))
    programs.push({
      name: 'the function of caisson.wasm that takes longest in the baseline tier',
      group: 'functions',
      caisson_ms: measureBaseline(4 * rounds)[0].ms,
    });
  if (names.includes('caisson') && wanted({ name: 'sizes', group: 'size' })) programs.push(...(await measureSizes()));
  if (engines.has('caisson')) programs.push(...(await measurePauses(engines.get('caisson'), wanted, rounds)));
  return report(programs, names, { ...values, stored });
}

const groupOrder = [
  ...['throughput', 'npm', 'async', 'web', 'host', 'startup', 'functions', 'front-end', 'prepared', 'memory', 'size'],
  ...['pauses', 'collections'],
];

function report(programs, names, { json, svg, stored }) {
  programs.sort((left, right) => groupOrder.indexOf(left.group) - groupOrder.indexOf(right.group));
  const ratios = programs
    .filter(({ group }) => group === 'throughput' || group === 'npm')
    .map((row) => row.ratio_vs_quickjs)
    .filter((ratio) => ratio !== undefined);
  const geomean = geometricMean(ratios);
  const worst = programs
    .filter((row) => row.ratio_vs_quickjs !== undefined)
    .sort((a, b) => a.ratio_vs_quickjs - b.ratio_vs_quickjs)
    .slice(0, 5);
  printTable(programs, names);
  if (geomean !== undefined) {
    console.log(`\nThroughput and npm programs against ${engineTitles.quickjs}: geometric mean ${geomean.toFixed(2)}x`);
    console.log(
      `Slowest against it: ${worst.map((row) => `${row.name} ${row.ratio_vs_quickjs.toFixed(2)}x`).join(', ')}`,
    );
  }
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ programs, geomean_vs_quickjs: geomean ?? null }, null, 2)}\n`);
  mkdirSync(dirname(svg), { recursive: true });
  writeFileSync(svg, chart(programs, names));
  console.log(`Chart: ${svg}`);
  const isAsFast = stored === undefined || checkRun(stored, programs);
  return programs.some((row) => row.error !== undefined) || !isAsFast ? 1 : 0;
}

process.exitCode = await main();
