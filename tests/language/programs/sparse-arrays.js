// Arrays with few elements and great lengths: holes are neither stored nor walked where nobody can tell.
function t(label, f) { var s = Date.now(); var r; try { r = f(); } catch (e) { r = e.name } console.log(label, String(r).slice(0, 60)); if (Date.now() - s > 20000) console.log('slow', label); }
function big(v) { var a = []; a[3] = v ?? 2; a[2 ** 31 - 5] = 1; return a; }
t('concat', () => { var c = big().concat([7], 8, big()); return [c.length, c[3], c[2 ** 31 - 5], c[2 ** 31 - 4], c[2 ** 31 - 3], c[2 ** 31 + 1], Object.keys(c)] });
t('concat 2^32', () => { var a = []; a[2 ** 32 - 2] = 1; return a.concat([1]).length });
t('concat getter', () => { var a = []; a[5000] = 1; var log = []; Object.defineProperty(a, 9000, { get() { log.push(9); return 4 }, enumerable: true }); var c = a.concat(); return [c.length, c[9000], log] });
t('concat proto', () => { Array.prototype[4] = 'p'; try { var a = []; a[5000] = 1; return a.concat()[4] } finally { delete Array.prototype[4] } });
t('concat dense tail', () => { var a = [1, 2]; a.length = 4e9; return a.concat([]).length });
t('join', () => big().join('').length);
t('join,', () => big().join(',').length);
t('join small', () => { var a = []; a[5000] = 'x'; a[2] = 'y'; a[7000] = null; a[7001] = undefined; a.length = 7010; var s = a.join('-'); return [s.length, s.indexOf('y'), s.indexOf('x'), s === Array.from({ length: 7010 }, (_, i) => a[i]).join('-')] });
t('join first', () => { var a = []; a[0] = 'x'; a[5000] = 'z'; return [a.join('').length, a.join().length, a.join('ab').length] });
t('join objects', () => { var a = []; a[5000] = { toString() { a[6000] = 'late'; return 'o' } }; a[7000] = 1; return a.join('') });
t('join sym', () => { var a = []; a[5000] = Symbol(); return a.join('') });
t('join tail', () => { var a = [1, 2]; a.length = 4e9; return a.join('') });
t('join tail,', () => { var a = [1, 2]; a.length = 4e9; return a.join(',') });
t('join tail small', () => { var a = [1, 2]; a.length = 10; return a.join(',') });
t('join tail grow', () => { var a = [1, { toString() { a.push(5); return 'q' } }]; a.length = 4; return a.join(',') });
t('join hole first', () => { var a = []; a.length = 5; return a.join(',') + [, 1].join() + [1, , 2].join() + [, ,].join() });
t('join proto', () => { Array.prototype[1] = 'p'; try { var a = []; a.length = 3; return a.join() } finally { delete Array.prototype[1] } });
t('toString', () => { var a = []; a[2 ** 31 - 5] = 1; return String(a).length });
t('toLocaleString', () => { var a = []; a[5000] = 1; return a.toLocaleString().length });
t('gaps', () => { var a = []; for (var i = 1; i <= 3000; i++) a[i * 1000] = i; return [a.length, a[5000], a[5001], Object.keys(a).length, a.indexOf(7)] });
t('gaps reverse', () => { var a = []; for (var i = 3000; i >= 1; i--) a[i * 1000] = i; return [a.length, a[5000], a[5001], Object.keys(a).length] });
t('obj gaps', () => { var a = {}; for (var i = 1; i <= 3000; i++) a[i * 1000] = i; return [a[5000], Object.keys(a).length] });
t('nested', () => { var a = []; a[5000] = a; a[1] = 2; return a.join('') });
t('cyclic in', () => { var a = []; a[5000] = [a, 1]; return a.join('') });
