// Measures one case in several engines, round by round in turn.
import { median } from './statistics.mjs';

// A round beyond this many milliseconds in total is not added.
const budget = 4000;

// Lets compilers of all kinds see the work before it is measured: a few rounds, fewer of long ones.
async function warmUp(prepared) {
  let { ms, check } = await prepared.round();
  for (let round = 1; round < 5 && ms < 600; round++) ms += (await prepared.round()).ms;
  return check;
}

export async function measureCase(item, engines, maximumRounds) {
  const row = { name: item.name, group: item.group };
  const active = [];
  const checks = new Map();
  for (const [name, engine] of engines) {
    if (item.engines !== undefined && !item.engines.includes(name)) continue;
    try {
      const prepared = await item.prepare(engine);
      checks.set(name, await warmUp(prepared));
      active.push({ name, prepared, times: [], spent: 0 });
    } catch (error) {
      row.error = `${row.error === undefined ? '' : `${row.error}; `}${name}: ${String(error?.message ?? error).split('\n')[0]}`;
    }
  }
  for (let round = 0; round < (item.rounds ?? maximumRounds); round++) {
    for (const engine of active) {
      if (engine.times.length >= 2 && engine.spent > budget) continue;
      const { ms } = await engine.prepared.round();
      engine.times.push(ms);
      engine.spent += ms;
    }
  }
  for (const { name, prepared, times } of active) {
    row[`${name}_ms`] = median(times);
    prepared.dispose();
  }
  const distinct = new Set([...checks.values()].map((check) => JSON.stringify(check)));
  if (distinct.size > 1)
    row.error = `results differ: ${[...checks].map(([name, check]) => `${name} ${JSON.stringify(check)}`).join(', ')}`;
  return row;
}

export function addRatio(row) {
  if (row.caisson_ms !== undefined && row.quickjs_ms !== undefined)
    row.ratio_vs_quickjs = row.quickjs_ms / row.caisson_ms;
  return row;
}
