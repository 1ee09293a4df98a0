// Random patterns with ends and starts in every place, and alternations of words, match as in Node.
let seed = 5; const random = (n) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0, (seed >>> 8) % n); const pick = (a) => a[random(a.length)];
function atom(d) { switch (random(d > 3 ? 5 : 12)) { case 0: return 'a'; case 1: return 'b'; case 2: return '.'; case 3: return '[ab]'; case 4: return 'c'; case 5: return '(' + alt(d + 1) + ')'; case 6: return '(?:' + alt(d + 1) + ')'; case 7: return '(?=' + alt(d + 1) + ')'; case 8: return '(?!' + alt(d + 1) + ')'; case 9: return '\\b'; case 10: return '(?<=' + alt(d + 1) + ')'; default: return '[^a]' } }
function seq(d) { let s = ''; if (!random(6)) s += '^'; for (let i = random(4); i > 0; i--) { let a = atom(d); if (!/^(\\b|\(\?<?[=!])/.test(a) && random(3) === 0) a += pick(['*', '+', '?', '*?', '+?', '??', '{2}', '{0,2}', '{1,}?']); s += a; } if (!random(3)) s += '$'; if (!random(9)) s += pick(['a', '$', 'b*']); return s }
function alt(d) { let s = seq(d); for (let i = random(3); i > 0; i--) s += '|' + seq(d); return s }
const words = () => '(?:' + Array.from({ length: 3 + random(8) }, () => { let w = ''; for (let i = 1 + random(4); i > 0; i--) w += pick(['a', 'b', 'c', 'd']); return w }).join('|') + ')' + pick(['$', '', '\\b', '+$', '*?$', '(?=$)', '$|b']);
const texts = ['', 'a', 'b', 'ab', 'ba', 'abc', 'aab', 'abab', 'a\n', 'a\nb', 'cab', 'bbb', 'abcd', 'dcba', 'aaaa', 'ab cd', 'cccc\u{1F600}', '\u{1F600}', 'abca', 'dd'];
let h = 0, n = 0, bad = 0;
for (let i = 0; i < (700); i++) {
  const s = random(2) ? words() : alt(0), f = pick(['', 'm', 'g', 'y', 's', 'u', 'i', 'v']);
  let re; try { re = new RegExp(s, f) } catch { continue }
  let line = s + f; for (let k = 0; k < 4; k++) { const t = pick(texts); re.lastIndex = 0; const m = re.exec(t); line += JSON.stringify(m) + (m ? m.index : '') + re.lastIndex; n++ }
  let before = h; for (let k = 0; k < line.length; k++) h = (Math.imul(h, 31) + line.charCodeAt(k)) | 0;
  if (i % 50 === 0) console.log(i, h);
}
console.log(n, h);
