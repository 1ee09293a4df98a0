// Parses acorn's own source.
import { parse } from 'acorn';
import source from '../../../node_modules/acorn/dist/acorn.mjs' with { type: 'text' };

export function run() {
  const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  return tree.body.length + tree.end;
}
