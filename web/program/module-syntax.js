// Whether a program is a module: it imports or exports, or awaits at its top level. Every other program is a script,
// whose last value is shown.
import { javascriptLanguage } from '@codemirror/lang-javascript';

const functions = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunction',
  'MethodDeclaration',
  'StaticBlock',
]);

/** @param {string} source */
export function isModule(source) {
  let isFound = false;
  let depth = 0; // of functions
  javascriptLanguage.parser.parse(source).iterate({
    enter(node) {
      if (isFunction(node)) depth++;
      isFound ||= isOfModules(node, source) || (depth === 0 && node.name === 'await');
      return !isFound;
    },
    leave(node) {
      if (isFunction(node)) depth--;
    },
  });
  return isFound;
}

/** @param {{ name: string, from: number, to: number }} node @param {string} source */
function isOfModules({ name, from, to }, source) {
  return (
    name === 'ImportDeclaration' ||
    name === 'ExportDeclaration' ||
    (name === 'ImportMeta' && /meta$/.test(source.slice(from, to)))
  );
}

/**
 * A member of an object literal is a method when it has parameters.
 * @param {{ name: string, node: { getChild(name: string): object | null } }} node
 */
const isFunction = (node) =>
  functions.has(node.name) || (node.name === 'Property' && node.node.getChild('ParamList') !== null);
