// caisson/files in pages and everywhere else. A program of Node may have been bundled with it.
import { directoriesOf } from './files.js';
import { builtinOfNode } from './node-here.js';

export { memoryFiles } from './files.js';

export const directoryFiles = directoriesOf(() => {
  const [fs, path, url] = ['node:fs', 'node:path', 'node:url'].map(builtinOfNode);
  if (fs === undefined) throw new TypeError('directoryFiles: directories need Node, Deno or Bun');
  return { fs, path, fileURLToPath: url.fileURLToPath };
});
