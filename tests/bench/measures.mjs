// What is measured: one list of cases, each of which prepares itself in an engine and gives a function that
// performs one round and resolves to { ms, check }.
import { hostCases, startupCases, timed, timedSync } from './host-cases.mjs';
import { throughputPrograms, typescriptSource } from './programs.mjs';

function programCase(program) {
  return {
    name: program.name,
    group: program.group,
    engines: program.engines,
    async prepare(engine) {
      const text = await program.load();
      const context = await engine.create();
      context.load(text);
      const round =
        program.kind === 'promise'
          ? () => timed(() => context.callAsync())
          : async () => timedSync(() => context.call());
      return { round, dispose: () => context.dispose() };
    },
  };
}

const frontEndCases = [
  {
    name: 'parse and compile typescript.js (V8 parses lazily)',
    group: 'front-end',
    rounds: 3,
    async prepare(engine) {
      const text = typescriptSource();
      let serial = 0;
      const round = async () => {
        const context = await engine.create();
        // Unique bytes, so that no cache of compiled code is met.
        const script = `(function () {\n${text}\n// ${serial++} ${Math.random()}\n}); 0`;
        const result = timedSync(() => {
          context.load(script);
          return 0;
        });
        context.dispose();
        return result;
      };
      return { round, dispose() {} };
    },
  },
];

export function allCases() {
  return [...throughputPrograms().map(programCase), ...hostCases, ...startupCases, ...frontEndCases];
}
