// Runs in a page: see in-chromium.mjs.
import { hostCases, startupCases } from './host-cases.mjs';
import { measureFrames } from './frames.mjs';
import { caisson, emscriptenQuickJs } from './host-engines.mjs';
import { addRatio, measureCase } from './measure-case.mjs';
import { measurePauses } from './pauses.mjs';

export async function measureAll(rounds, only) {
  const engines = new Map([
    ['caisson', await caisson()],
    ['quickjs', await emscriptenQuickJs(() => import('@jitl/quickjs-wasmfile-release-sync'))],
  ]);
  const wanted = ({ name, group }) =>
    only === undefined || only.some((part) => name.includes(part) || group.includes(part));
  const rows = [];
  for (const item of [...hostCases, ...startupCases].filter(wanted))
    rows.push(addRatio(await measureCase(item, engines, rounds)));
  rows.push(...(await measurePauses(engines.get('caisson'), wanted, rounds)));
  rows.push(...(await measureFrames(engines.get('caisson'), wanted)));
  return rows;
}
