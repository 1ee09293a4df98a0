// caisson/files in Node, Bun and Deno.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { directoriesOf } from './files.js';

export { memoryFiles } from './files.js';

export const directoryFiles = directoriesOf(() => ({ fs, path, fileURLToPath }));
