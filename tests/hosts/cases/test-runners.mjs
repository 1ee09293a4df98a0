// Jest and Vitest with the environments that their users choose.
import { checkProgram } from '../apps.mjs';

const report = `test('a sandbox', async () => {
  const report = await run();
  expect(report.sum).toBe(2);
  console.log('REPORT ' + JSON.stringify(report));
});
`;

function jestCase(environment, { way, file, format, env }) {
  return {
    name: `Jest, ${environment}, ${way}`,
    tool: 'jest',
    async run(app) {
      app.write({
        'package.json': {
          private: true,
          jest: { testEnvironment: environment, testMatch: ['**/*.test.?js'], transform: {} },
        },
        [file]: checkProgram({ format }) + report,
      });
      app.checkOutput(await app.command('jest', ['--ci'], { env }));
    },
  };
}

const jestWays = [
  { way: 'require', file: 'app.test.cjs', format: 'commonjs' },
  { way: 'import', file: 'app.test.mjs', format: 'module', env: { NODE_OPTIONS: '--experimental-vm-modules' } },
];

function vitestCase(environment) {
  return {
    name: `Vitest, ${environment}`,
    tool: 'vitest',
    async run(app) {
      app.write({
        'package.json': { private: true, type: 'module' },
        'app.test.js': `import { expect, test } from 'vitest';\n${checkProgram()}${report}`,
      });
      app.checkOutput(await app.command('vitest', ['run', `--environment=${environment}`]));
    },
  };
}

export const testRunnerCases = [
  ...['node', 'jsdom'].flatMap((environment) => jestWays.map((way) => jestCase(environment, way))),
  ...['node', 'jsdom', 'happy-dom'].map(vitestCase),
];
