// The declarations by versions of TypeScript and ways of resolution, strict and without skipLibCheck.
import { join } from 'node:path';
import { root } from '../../../wasm-glue/tools/root.mjs';
import { findNode, installTool } from '../tools.mjs';

const imported = `
  import { createSandbox, blocking, TimeLimitError, type Sandbox, type SandboxOptions } from 'caisson';
  import { createSandbox as createEmbedded } from 'caisson/embedded';
  const options: SandboxOptions = { timeLimit: 50, globals: { read: blocking(async (name: string) => name) } };
  export async function use(): Promise<number> {
    const sandbox: Sandbox = await createSandbox(options);
    const other: Sandbox = await createEmbedded(options);
    const error: Error = new TimeLimitError('x');
    other.dispose();
    return (sandbox.evalSync('1') as number) + error.message.length + sandbox.memoryUsed;
  }
`;
const required = `
  import caisson = require('caisson');
  export async function use(): Promise<number> {
    const sandbox: caisson.Sandbox = await caisson.createSandbox({ timeLimit: 50 });
    return sandbox.evalSync('1') as number;
  }
`;

const resolutions = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};
const libraries = [['es2022'], ['es2022', 'dom']];

function typeCase(version, resolution) {
  const isOurs = version === undefined;
  return {
    name: `TypeScript ${version ?? 'of this repository'}, ${resolution}, with and without DOM`,
    tool: isOurs ? undefined : 'typescript',
    node: isOurs ? undefined : '24',
    // The others are tried in npm test by arethetypeswrong and in tests/checks.
    isQuick: isOurs && resolution === 'nodenext',
    async run(app) {
      // A bundler's resolution has no import = require().
      const files = resolution === 'bundler' ? { 'use.ts': imported } : { 'use.mts': imported, 'use.cts': required };
      app.write({ 'package.json': { private: true, type: 'module' }, ...files });
      const packages = isOurs
        ? join(root, 'node_modules', 'typescript')
        : join(installTool('typescript'), 'node_modules', `typescript-${version}`);
      for (const lib of libraries) {
        const compilerOptions = {
          ...resolutions[resolution],
          target: 'es2022',
          lib,
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          skipDefaultLibCheck: true,
          noEmit: true,
          types: [],
        };
        app.write({ 'tsconfig.json': { compilerOptions, files: Object.keys(files) } });
        await app.command(findNode(app.node), [
          join(packages, 'bin', 'tsc'),
          '-p',
          'tsconfig.json',
          '--pretty',
          'false',
        ]);
      }
    },
  };
}

const versions = [undefined, '5.4', '5.6', '5.8', '5.9', '6.0', '7.0'];

export const typeCases = versions.flatMap((version) =>
  Object.keys(resolutions).map((resolution) => typeCase(version, resolution)),
);
