// Runs in a page: see in-chromium.mjs.
import { hostCases, startupCases } from './host-cases.mjs';
import { caisson, emscriptenQuickJs } from './host-engines.mjs';
import { addRatio, measureCase } from './measure-case.mjs';

export async function measureAll(rounds, only) {
  const engines = new Map([
    ['caisson', await caisson()],
    ['quickjs', await emscriptenQuickJs(() => import('@jitl/quickjs-wasmfile-release-sync'))],
  ]);
  const rows = [];
  for (const item of [...hostCases, ...startupCases]) {
    if (only !== undefined && !only.some((part) => item.name.includes(part) || item.group.includes(part))) continue;
    rows.push(addRatio(await measureCase(item, engines, rounds)));
  }
  return rows;
}
