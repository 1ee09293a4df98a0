// Functions in blocks of evaluated code become variables of the surrounding function, unless a binding between is in the way: names
// of a destructured catch parameter are, a simple parameter is not.
const attempt = (name, f) => { let r; try { r = f(); } catch (e) { r = e.name + ': ' + (e instanceof SyntaxError); } console.log(name, String(r)); };
const cases = {
  d1: `try { throw { e: 1 } } catch ({ e }) { eval('{ function e(){} }'); return typeof e + ',' + outer() }`,
  d2: `try { throw { e: 1 } } catch ({ e }) { eval('var e = 5'); return e }`,
  d3: `try { throw { e: 1 } } catch ({ e }) { eval('function e(){}'); return typeof e }`,
  s1: `try { throw 1 } catch (e) { eval('{ function e(){} }'); return typeof e + ',' + outer() }`,
  s2: `try { throw 1 } catch (e) { eval('var e = 5'); return e + ',' + outer() }`,
  s3: `try { throw 1 } catch (e) { eval('function e(){}'); return typeof e + ',' + outer() }`,
  a1: `try { throw [1] } catch ([e]) { eval('{ function e(){} }'); return typeof e + ',' + outer() }`,
  a2: `try { throw [1] } catch ([...e]) { eval('if (1) function e(){}'); return typeof e + ',' + outer() }`,
  a3: `try { throw {} } catch ({ x: { y: e } = { y: 2 } }) { eval('switch (1) { case 1: function e(){} }'); return typeof e + ',' + outer() }`,
  n1: `try { throw { e: 1 } } catch ({ e }) { { eval('{ function e(){} }') } return typeof e + ',' + outer() }`,
  n2: `try { throw { e: 1 } } catch ({ e }) { return (() => { eval('{ function e(){} }'); return typeof e })() + ',' + outer() }`,
  n3: `try { throw { e: 1 } } catch ({ e }) { eval('try { throw 1 } catch (e) { { function e(){} } }'); return typeof e + ',' + outer() }`,
  n4: `try { throw { e: 1 } } catch ({ e }) { eval('for (var e of [1]);'); return e }`,
  n5: `try { throw 1 } catch (e) { eval('for (var e of [1]);'); return e }`,
  n6: `let e = 1; { eval('{ function e(){} }'); return typeof e }`,
  n7: `{ let e = 1; eval('{ function e(){} }'); return typeof e + ',' + outer2() } function outer2() { return typeof e }`,
  n8: `try { throw { e: 1 } } catch ({ e }) { eval('{ let e; { function e(){} } }'); return typeof e + ',' + outer() }`,
  n9: `try { throw { e: 1 } } catch ({ e }) { eval('{ async function e(){} }'); return typeof e + ',' + outer() }`,
  m1: `try { throw { f: 1 } } catch ({ f }) { eval('{ function e(){} }'); return typeof e + ',' + outer() }`,
  m2: `try { throw 1 } catch (e) { try { throw { x: 1 } } catch ({ x }) { eval('{ function e(){} }'); return typeof e + ',' + outer() } }`,
  m3: `try { throw { e: 1 } } catch ({ e }) { try { throw 1 } catch (e) { eval('{ function e(){} }'); return typeof e + ',' + outer() } }`,
  m4: `for (let e of [1]) { eval('{ function e(){} }'); return typeof e + ',' + outer() }`,
  m5: `with ({ e: 1 }) { eval('{ function e(){} }'); return typeof e + ',' + outer() }`,
  m6: `class C { static { try { throw {e:1} } catch ({ e }) { eval('{ function e(){} }') } } } return outer()`,
  m7: `try { throw { e: 1 } } catch ({ e = eval('{ function e(){} } 3') }) { return typeof e + ',' + outer() }`,
  m8: `try { throw { } } catch ({ e = (eval('{ function z(){} }'), 3) }) { return typeof z + ',' + typeof e }`,
};
for (const [name, body] of Object.entries(cases)) {
  attempt(name, new Function(`function outer() { try { return typeof e } catch (x) { return x.name } } ${body}`));
}
// Seen from the function.
const afterwards = {
  h1: `try { throw { e: 1 } } catch ({ e }) { eval('{ function e(){} }') } return typeof e`,
  h2: `try { throw 1 } catch (e) { eval('{ function e(){} }') } return typeof e`,
  h3: `try { throw [1] } catch ([e]) { eval('{ function e(){} }') } return typeof e`,
  h4: `try { throw { e: 1 } } catch ({ e }) { eval('{ function g(){} }') } return typeof g`,
  h5: `try { throw { e: 1 } } catch ({ e }) { { let q; eval('{ function e(){} }') } } return typeof e`,
  h6: `try { throw { e: 1 } } catch ({ e }) { (() => eval('{ function e(){} }'))() } return typeof e`,
  h7: `try { throw 1 } catch (e) { eval('switch (0) { default: function e(){} }') } return typeof e`,
  h8: `try { throw { e: 1 } } catch ({ e }) { eval('if (true) function e(){}') } return typeof e`,
};
for (const [name, body] of Object.entries(afterwards)) attempt(name, new Function(body));

// In a parameter's default the parameters are in the way.
const parameters = {
  p1: (x, a = eval('{ function x() {} }')) => typeof x,
  p2: function (x, a = eval('if (1) { function x() {} }'), b = typeof x) { var x; return typeof x + b; },
  p3: function (x, a = eval('switch (1) { case 1: function x() {} }')) { return typeof x; },
  p4: function (x, a = eval('{ function y() {} } typeof y')) { return a + typeof y; },
  p5: function (x, f = () => eval('{ function x() {} } typeof x')) { return f() + typeof x; },
  p6: function f(a = eval('{ function f() {} } typeof f')) { return a + typeof f; },
  p7: function (a = 1) { eval('{ function a() {} }'); return typeof a; },
};
for (const [name, action] of Object.entries(parameters)) attempt(name, action);
