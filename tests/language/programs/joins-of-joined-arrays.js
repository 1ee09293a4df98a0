// An array that is being joined is empty within itself, also where guest code runs in between, and is joined as usual
// again when that has ended, in whatever way.
function programs() {
  const inner = (array) => ({ toString: () => '[' + array + ']' });
  {
    const a = [1, inner(null), 3];
    a[1] = inner(a);
    console.log('' + a, a.join('-'), String(a));
  }
  {
    const a = [1], b = [2, inner(a), inner(null)], c = [3, a, b];
    a[1] = inner(b);
    a[2] = c;
    b[2] = inner(b);
    console.log('' + a, '' + b, '' + c);
  }
  {
    const a = [1, { toLocaleString: () => '<' + a.toLocaleString() + '|' + a + '>' }, 2];
    console.log(a.toLocaleString());
  }
  {
    const a = [1, { toString() { throw new RangeError('within ' + a); } }];
    for (let i = 0; i < 2; i++) {
      try {
        a.join();
      } catch (error) {
        console.log(String(error));
      }
    }
    a[1] = 2;
    console.log('' + a);
  }
  {
    const a = [1, { toString() {
      try {
        return '' + [2, { toString() { throw a + '!' + [4]; } }];
      } catch (error) {
        return 'caught ' + error + a;
      }
    } }, 3];
    console.log(a + ';' + a);
  }
  {
    const a = [1, { *[Symbol.iterator]() { yield '' + a; yield '' + [a, 5]; }, toString() { return [...this].join('+'); } }];
    console.log('' + a);
    const values = a[1][Symbol.iterator]();
    a[1] = { toString: () => values.next().value };
    console.log('' + a, '' + a, '' + a);
  }
  {
    let depth = 0;
    const other = [7];
    const a = [1, { toString: () => (depth++ < 100 ? '' + [depth, a[1], other] : '(' + a + other + ')') }];
    console.log('' + a);
  }
  {
    const a = [1, { get length() { return a.join().length; }, 0: 'x', join: Array.prototype.join, toString: Array.prototype.toString }];
    console.log('' + a);
    const b = [1, { toString: Array.prototype.toString, join: { valueOf() {} } }];
    console.log('' + b);
    const c = new Proxy([1, inner(null)], {});
    c[1] = inner(c);
    console.log('' + c);
  }
}

programs();
// From here on the calls are made by running what called them again.
new SharedArrayBuffer(8);
programs();
