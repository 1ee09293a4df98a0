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

// One program after the other into new sandboxes: as a source, and as a prepared program where the engine has that.
function loadCases(what, source) {
  const load = (name, engines, prepare) => ({
    name,
    group: 'prepared',
    engines,
    async prepare(engine) {
      const program = await prepare(engine, await source());
      const round = () =>
        timed(async () => {
          const context = await engine.create();
          context.load(program);
          context.dispose();
          return 0;
        });
      return { round, dispose() {} };
    },
  });
  return [
    load(`new sandbox and ${what}`, undefined, (_, text) => text),
    load(`new sandbox and ${what}, prepared`, ['caisson'], (engine, text) => engine.prepare(text)),
  ];
}

// Functions that are not called: what the package does when it starts would take most of the time.
async function npmPackages(wanted) {
  const programs = throughputPrograms().filter(({ name, group }) => group === 'npm' && wanted(name));
  const texts = await Promise.all(programs.map(({ load }) => load()));
  return texts.map((text) => `(() => {${text}\n}); 0;\n`).join('');
}

const preparedCases = [
  ...loadCases('a tiny program', async () => 'var answer = 6 * 7; 0'),
  ...loadCases('ramda', () => npmPackages((name) => name.startsWith('ramda'))),
  ...loadCases('8 npm packages', () => npmPackages(() => true)),
];

export function allCases() {
  return [...throughputPrograms().map(programCase), ...hostCases, ...startupCases, ...frontEndCases, ...preparedCases];
}
