// What a program of the page can import. A program is one file, so it can only import data: URLs.

const dataUrl = /^data:(?:text|application)\/javascript(?:;charset=utf-8)?(;base64)?,(.*)$/is;

/** @param {string} specifier */
export function findModule(specifier) {
  const [, isBase64, data] = dataUrl.exec(specifier) ?? [];
  if (data === undefined)
    throw new TypeError(
      `there is no module '${specifier.slice(0, 200)}': a program of this page is one file, and can import data:text/javascript URLs`,
    );
  const text = decodeURIComponent(data);
  return isBase64
    ? new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
    : text;
}
