(function (web) {
  'use strict';
  const isToken = (text) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
  // https://mimesniff.spec.whatwg.org/#parse-a-mime-type, and its text again; undefined: it is none
  function mimeType(text) {
    const [, type, rest] = /^[\t\n\r ]*([^;]*?)[\t\n\r ]*(?:;(.*))?$/s.exec(text) ?? [];
    if (type === undefined || !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(type))
      return undefined;
    const parameters = new Map();
    const pattern = /[\t\n\r ]*([^=;]*)(?:=(?:"((?:[^"\\]|\\.)*)(?:"[^;]*|(\\?)$)|([^;]*)))?(?:;|$)/gsy;
    for (let found = pattern.exec(rest ?? ''); found !== null && found[0] !== ''; found = pattern.exec(rest)) {
      const name = found[1].toLowerCase();
      const isQuoted = found[2] !== undefined;
      const value = isQuoted
        ? found[2].replace(/\\(.)/gs, '$1') + (found[3] ?? '')
        : found[4]?.replace(/[\t\n\r ]+$/, '');
      if (value === undefined || (value === '' && !isQuoted) || !isToken(name) || parameters.has(name)) continue;
      if (!/[^\t\x20-\x7e\x80-\xff]/.test(value)) parameters.set(name, value);
    }
    let whole = type.toLowerCase();
    for (const [name, value] of parameters)
      whole += `;${name}=${isToken(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
    return { essence: type.toLowerCase(), parameters, text: whole };
  }
  Object.assign(web, { isToken, mimeType });
});
