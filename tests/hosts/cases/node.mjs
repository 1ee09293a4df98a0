// Node by versions: import and require, with the wasm beside the package and within it.
import { commandProgram } from '../apps.mjs';
import { findNode } from '../tools.mjs';

const versions = ['18.20', '20.0', '20.18', '22.0', '22', '24', '26'];

const formats = [
  { way: 'import', file: 'app.mjs', format: 'module' },
  { way: 'require', file: 'app.cjs', format: 'commonjs' },
];
const specifiers = ['caisson', 'caisson/embedded'];

function nodeCase(version, { way, file, format }, specifier, isQuick = false) {
  return {
    name: `Node ${version ?? 'that runs this'}, ${way} ${specifier}`,
    node: version,
    isQuick,
    async run(app) {
      app.write({ 'package.json': { private: true }, [file]: commandProgram({ specifier, format }) });
      app.checkOutput(await app.command(findNode(version), [file]));
    },
  };
}

export const nodeCases = [
  ...formats.flatMap((format) => specifiers.map((specifier) => nodeCase(undefined, format, specifier, true))),
  ...versions.flatMap((version) => formats.map((format) => nodeCase(version, format, 'caisson'))),
  ...formats.map((format) => nodeCase('18.20', format, 'caisson/embedded')),
];
