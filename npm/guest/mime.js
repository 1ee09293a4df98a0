(function (web) {
  'use strict';
  const isToken = (text) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
  // https://mimesniff.spec.whatwg.org/#parse-a-mime-type, whose text() it is again; undefined: it is none
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
    const essence = type.toLowerCase();
    return { essence, parameters, text: () => serialized(essence, parameters) };
  }
  function serialized(essence, parameters) {
    let text = essence;
    for (const [name, value] of parameters)
      text += `;${name}=${isToken(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
    return text;
  }
  // https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
  const splitHeader = (value) =>
    Array.from(value.matchAll(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^",])+/gs), ([item]) =>
      item.replace(/^[\t ]+|[\t ]+$/g, ''),
    );
  // https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
  function headerType(value) {
    let found;
    let charset;
    for (const item of splitHeader(value)) {
      const type = mimeType(item);
      if (type === undefined || type.essence === '*/*') continue;
      if (type.essence !== found?.essence) charset = type.parameters.get('charset');
      else if (charset !== undefined && !type.parameters.has('charset')) type.parameters.set('charset', charset);
      found = type;
    }
    return found;
  }
  Object.assign(web, { headerType, isToken, mimeType, splitHeader });
});
