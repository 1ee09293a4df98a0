// npm run security -- [WORD...] [--host node|page] [--group NAME] [--quick] [--rows FILE]: all attacks, or with --quick
// those of `npm test`, and what each took. FILE exports `groups` as groups.mjs does: attacks that are kept elsewhere.
import { resolve } from 'node:path';
import { runGroup } from './hosts.mjs';
import { readCommandLine } from '../../wasm-glue/tools/command-line.mjs';

const usage = `npm run security -- [WORD...] [options]: all attacks, or those whose names contain a word
  --host HOST      node or page (both; may be repeated)
  --group NAME     one group (may be repeated)
  --quick          those of npm test
  --rows FILE      a module that exports groups as groups.mjs does: attacks that are kept elsewhere`;
const { values, positionals } = readCommandLine(usage, {
  allowPositionals: true,
  options: {
    host: { type: 'string', multiple: true, default: ['node', 'page'] },
    group: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    rows: { type: 'string', default: new URL('groups.mjs', import.meta.url).pathname },
  },
});
const file = resolve(values.rows);
const { groups } = await import(file);
let failures = 0;
for (const host of values.host) {
  for (const name of values.group ?? Object.keys(groups)) {
    const start = performance.now();
    const results = await runGroup(name, host, {
      isQuick: values.quick,
      words: positionals,
      file,
      onResult({ name: row, problem, processor, memory }) {
        if (problem !== undefined) failures++;
        const taken = `${processor.toFixed(0).padStart(6)} ms ${(memory / 1048576).toFixed(0).padStart(5)} MiB`;
        console.log(
          `${problem === undefined ? 'holds' : 'FAILS'}  ${taken}  ${row}${problem === undefined ? '' : `\n       ${problem}`}`,
        );
      },
    });
    console.log(
      `${host}, ${name}: ${results.filter(({ problem }) => problem === undefined).length} of ${results.length} hold, ${((performance.now() - start) / 1000).toFixed(1)} s\n`,
    );
  }
}
process.exit(failures === 0 ? 0 : 1);
