import { parse, tokenizer } from 'acorn';
import source from '../../node_modules/acorn/dist/acorn.mjs' with { type: 'text' };

const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
const kinds = {};
(function count(node) {
  if (Array.isArray(node)) return node.forEach(count);
  if (node === null || typeof node !== 'object') return undefined;
  if (typeof node.type === 'string') kinds[node.type] = (kinds[node.type] ?? 0) + 1;
  return Object.values(node).forEach(count);
})(tree.body);
console.log(
  Object.keys(kinds)
    .sort()
    .map((kind) => `${kind} ${kinds[kind]}`)
    .join('\n'),
);
console.log(tree.body.at(-1).loc.end.line, tree.end);
console.log(
  [...tokenizer('let x = /a+/g, y = `t${1 + 2}`;', { ecmaVersion: 2022 })].map((token) => token.type.label).join(' '),
);
try {
  parse('let let = 1;', { ecmaVersion: 2022 });
} catch (error) {
  console.log(error.name, error.message, error.pos);
}
