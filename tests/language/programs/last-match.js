// RegExp.$1 and the other properties of the last match.
const show = (label) => {
  const { $1, $2, $3, $9, lastMatch, lastParen, leftContext, rightContext, input } = RegExp;
  console.log(label, JSON.stringify({ $1, $2, $3, $9, lastMatch, lastParen, leftContext, rightContext, input }));
};
show('before');
/(\d+)-(\w+)/.exec('ab 12-cd ef');
show('exec');
console.log(RegExp['$&'], RegExp['$+'], RegExp['$`'], RegExp["$'"], RegExp.$_);
/nothing/.test('other text');
show('a failed match changes nothing');
/(a)|(b)/.test('xb');
show('test');
'x1y2'.replace(/[a-z](\d)/g, '');
show('replace');
'q7'.replace(/q(\d)/, () => { console.log('inside', RegExp.$1); return ''; });
'x1 y2'.match(/\w(\d)/g);
show('match');
'a, b'.split(/(,) /);
show('split');
'find me'.search(/m(e)/);
show('search');
/(1)(2)(3)(4)(5)(6)(7)(8)(9)(a)(b)/.test('0123456789abc');
show('many groups');
RegExp.input = 'set';
show('input');
