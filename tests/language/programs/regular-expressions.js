const show = (match) => (match === null ? 'null' : `${match.index}:${[...match].map(String).join('|')}`);
console.log(show(/(\d+)-(\d+)/.exec('tel 12-345')), show(/a(b)?c/.exec('ac')), show(/(?:x|(y))+/.exec('xyx')), show(/^$/.exec('')));
console.log(show(/(?<year>\d{4})-(?<month>\d\d)/.exec('on 2026-01-15')), /(?<year>\d{4})/.exec('2026').groups.year);
console.log('aBc'.replace(/b/i, '_'), 'a\nb'.match(/^b$/m)[0], /a.b/s.test('a\nb'), /a.b/.test('a\nb'), /\u{1F600}/u.test('😀'), /^.$/u.test('😀'), /^.$/.test('😀'));
console.log(show(/(?<=\$)\d+/.exec('cost $42')), show(/(?<!\$)\b\d+/.exec('$42 17')), show(/\d+(?=%)/.exec('5 10%')), show(/^(?!no)\w+/.exec('yes')));
const sticky = /foo/y;
sticky.lastIndex = 3;
console.log(sticky.test('barfoo'), sticky.lastIndex, sticky.test('barfoo'), sticky.lastIndex);
const global = /o/g;
console.log(global.exec('foo').index, global.lastIndex, global.exec('foo').index, global.exec('foo'), global.lastIndex);
console.log('a1b22c'.split(/\d+/).join('|'), 'a1b2'.split(/(\d)/).join('|'), ''.split(/x/).length, 'abc'.split(/(?:)/).join());
console.log(/(a+)+b/.test('aaaaaaaaaaaaaaaaab'), /\bfoo\b/.test('a foo b'), /[\w-]+@[\w.]+/.exec('mail me@x.org now')[0], /(\w)\1/.exec('hello')[0], /\k<q>(?<q>x)/.test('x'));
console.log(/a{2,3}/.exec('aaaa')[0], /a{2,3}?/.exec('aaaa')[0], /a*?b/.exec('aab')[0], /[^a-c]/.exec('abcd')[0], /\x41\u0042\103/.test('ABC'), /[\b]/.test('\b'), /\cJ/.test('\n'));
console.log(/\p{Lu}/u.test('É'), /\p{Script=Greek}/u.test('π'), /[\p{L}--[a-z]]/v.test('a'), /[\p{L}--[a-z]]/v.test('A'), /^\p{Emoji}$/u.test('😀'));
console.log(String(/a\/b/gi), /x/dgimsuy.flags, new RegExp('/').source, new RegExp('').source, RegExp('a', 'g').global, show(/x(?<n>y)?/d.exec('xy')), /x(y)/d.exec('xy').indices[1].join());
console.log('x-y_z'.replace(/[-_](\w)/g, (_, c) => c.toUpperCase()), 'aaa'.replace(/a/g, '$`|'), 'abc'.replace(/(?<m>b)/, (...args) => JSON.stringify(args.at(-1))));
try { new RegExp('('); } catch (error) { console.log(error.name); }
try { new RegExp('a', 'gg'); } catch (error) { console.log(error.name); }
try { new RegExp('\\p{Nope}', 'u'); } catch (error) { console.log(error.name); }
console.log('ſ'.match(/s/iu)?.[0], 'K'.match(/k/iu)?.[0], /[^x]/iu.test('X'), 'ΣΑΣ'.match(/σ+/i)?.[0], /\w/iu.test('ſ'), /(?:a|ab)(?:c|bcd)(d*)/.exec('abcd').join());
console.log([...'2026-01-15 and 2025-12-24'.matchAll(/(\d{4})-(\d\d)-(\d\d)/g)].map((m) => m.slice(1).join('.')).join(' '));
class Re extends RegExp { exec(text) { const match = super.exec(text); if (match) match[0] = match[0].toUpperCase(); return match; } }
console.log('abc'.replace(new Re('b'), '[$&]'), 'xay'.match(new Re('a'))[0]);
// Alternatives that begin with conditions and captures, in their order.
const words = ['in', 'int', 'interface', 'if', 'import', 'is', 'instanceof', 'implements', 'x', 'xy', 'xyz', 'do', 'double', 'd', ''];
const text = 'interface int in if ifx ximport xyz xy x do double d instanceof IN Int\nimplements is';
const forms = [(w) => `(${w})`, (w) => `\\b${w}`, (w) => `\\b(${w})\\b`, (w) => `^${w}`, (w) => `(?=${w})(${w[0] ?? ''})`, (w) => `((${w}))`, (w) => `(?:(?<a${w}>${w}))`, (w) => `\\B${w}`,
  (w, i) => (i % 3 ? `(${w})` : `\\b${w}$`), (w, i) => (i % 2 ? w : `(${w}s?)`), (w) => `(?!${w}z)(${w})`, (w) => `(?<=x)${w}|(?<!x)(${w})e?`];
for (const form of forms) {
  for (const flags of ['g', 'gi', 'gm', 'giu', 'gy', 'gs']) {
    for (const list of [words, [...words].reverse(), words.slice(0, -1), words.slice(0, 3)]) {
      const all = [...text.matchAll(new RegExp(list.map(form).join('|'), flags))].map((match) => `${match.index}:${match.join('.')}`);
      console.log(all.length, all.slice(0, 12).join(' '), (text.match(new RegExp(`(?:${list.map(form).join('|')})+x?`, flags.replace('g', ''))) ?? []).join('.'));
    }
  }
}
