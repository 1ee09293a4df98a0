import { createSandbox } from 'caisson';
import { memoryFiles } from 'caisson/files';

const files = memoryFiles({ '/data/in.txt': 'some text' }, { sizeLimit: 1024 * 1024 });
const sandbox = await createSandbox({ modules: files.modules });
const program = `
  import { readFile, writeFile } from 'node:fs/promises';
  await writeFile('/out.txt', (await readFile('/data/in.txt', 'utf8')).toUpperCase());`;
await sandbox.eval(program, { module: true });
console.log(new TextDecoder().decode(files.read('/out.txt'))); // SOME TEXT
sandbox.dispose();

export {};
