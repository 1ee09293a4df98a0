import { minify } from 'terser';

const source = `function longName(parameterOne, parameterTwo) { var unused = 1; if (parameterOne > 0) { return parameterTwo ? parameterOne + 1 : parameterOne + 2; }
else { while (false) {} for (let index = 0; index < 10; index++) { console.log(index * 2 + 3 * 4); } } }
class K { static a = 1; #b = 2; async *m() { yield* this.#b ?? []; } } export { longName, K }; const t = \`x\${1 + 2}y\`, { a, ...rest } = K;`;
for (const options of [
  { module: true, sourceMap: true },
  { compress: { passes: 3, unsafe: true }, mangle: { toplevel: true } },
  { format: { beautify: true } },
]) {
  minify(source, options).then(
    (result) => console.log(result.code, result.map),
    (error) => console.log(error.message),
  );
}
minify('let let = 1;').catch((error) => console.log(error.name, error.message, error.line, error.col));
