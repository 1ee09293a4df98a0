// Halves of surrogate pairs are printed as what stands for the unknown; pairs stay whole, and so does what looks alike.
console.log('a\ud800b', '\udc00', '\ud83d\ude00', '\ud83d', '\ude00\ud83d', '\ufffd', '\ud7ff\ue000');
console.log(['x\ud800'], { key: '\udfff\u{10ffff}' });
console.log('\ud800'.repeat(3) + 'end');
console.log('');
console.log(['it\'s', '"both" it\'s', '`all` "of" it\'s']);
console.log(['line\nbreak\ttab\\', '\x00\x1b\x7f\x85\u2028', '\v\b\f\r']);
console.log({ 'a-b': 1, 'it\'s': 2, 'new\nline': 3 });
