// Which module an import means. The engine resolves `./x` and `../x` like URLs, against the name of the importer; then
// the import map is applied as in https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier

/** @typedef {import('../index.d.ts').ImportMap} ImportMap */

/** @param {string} specifier */
const isRelative = (specifier) => /^\.{0,2}\//.test(specifier);

/**
 * Neither relative nor a URL.
 * @param {string} specifier
 */
export const isBare = (specifier) => !isRelative(specifier) && !/^[a-z][a-z\d+.-]*:/i.test(specifier);

/**
 * The result of an import map for a name; undefined: it has none.
 * @param {ImportMap} map
 * @param {string} name
 * @param {string | undefined} referrer
 */
export function mapped(map, name, referrer) {
  if (referrer !== undefined && map.scopes !== undefined) {
    const scopes = Object.keys(map.scopes).filter(
      (scope) => scope === referrer || (scope.endsWith('/') && referrer.startsWith(scope)),
    );
    // The most specific one first.
    for (const scope of scopes.sort((a, b) => b.length - a.length)) {
      const target = targetOf(map.scopes[scope], name);
      if (target !== undefined) return target;
    }
  }
  return targetOf(map.imports, name);
}

/**
 * @param {Record<string, string> | undefined} imports
 * @param {string} name
 */
function targetOf(imports, name) {
  if (imports === undefined) return undefined;
  if (Object.hasOwn(imports, name)) return imports[name];
  let longest = '';
  for (const prefix of Object.keys(imports))
    if (prefix.endsWith('/') && name.startsWith(prefix) && prefix.length > longest.length) longest = prefix;
  return longest === '' ? undefined : imports[longest] + name.slice(longest.length);
}

/**
 * The key of the module in an object of modules, where `./x` and `x` are the same; undefined: it is not there.
 * @param {Record<string, unknown>} modules
 * @param {string} name
 */
export function nameIn(modules, name) {
  if (Object.hasOwn(modules, name)) return name;
  const other = name.startsWith('./') ? name.slice(2) : isRelative(name) ? name : `./${name}`;
  return Object.hasOwn(modules, other) ? other : undefined;
}
