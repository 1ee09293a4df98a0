console.log(7 % 3, -7 % 3, 7 % -3, 5 / 2, 2 ** 10, 2 ** -1, (-2) ** 2, 7 / 0, -7 / 0, 0 / 0, 1 / -0);
console.log(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 31, -1 >>> 0, -16 >> 2, -16 >>> 28, 1 << 32, 2 ** 32 >> 0, 2 ** 53 + 1);
console.log(0.1 + 0.2, 1e300 * 1e10, 5e-324, 123456789012345680000, 1.7976931348623157e308, 0xff, 0b11, 0o17, 1_000, .5, 5., 1e-7);
console.log(null + 1, undefined + 1, true + true, [] + {}, [] + [], '5' - 2, '5' + 2, null == undefined, null == 0, '' == 0, '0' == false, NaN != NaN, [1] == 1);
console.log(typeof null, typeof undefined, typeof (() => 1), typeof Symbol(), typeof 1n, typeof missing, void 0);
let x = 5;
console.log(x++ + ++x, x--, --x, x += 2, x *= 3, x **= 2, x %= 100, x <<= 2, x >>= 1, x >>>= 0, x &= 0xff, x |= 1, x ^= 3);
let a = null, b = 0, c = 1;
console.log(a ??= 'set', b ||= 'or', c &&= 'and', a, b, c);
console.log(1 < 2 < 3, 3 > 2 > 1, 'b' > 'a', [2] > 1, null >= 0, undefined >= 0, 1 ? 2 ? 'x' : 'y' : 'z', (1, 2), !'' + !1);
console.log(Math.max(), Math.min(1, '0'), Math.round(-0.5), Math.round(2.5), Math.trunc(-4.7), Math.sign(-3), Math.hypot(3, 4), Math.cbrt(8), Math.fround(5.5), Math.clz32(1), Math.imul(0xffffffff, 5), Math.log2(8), Math.atan2(1, 1).toFixed(4));
console.log(Number.MAX_SAFE_INTEGER, Number.EPSILON > 0, Number.isInteger(5.0), Number.isSafeInteger(2 ** 53), Number('abc'), Number([5]), Number(new Date(5)), Number.parseFloat === parseFloat);
console.log(10n ** 20n, -7n / 2n, -7n % 2n, 1n << 70n, -1n >> 1n, 5n & 3n, ~5n, 2n > 1, 1n == 1, 1n === 1, BigInt('0xff'), BigInt.asIntN(8, 255n), BigInt.asUintN(8, -1n), 10n.toString(2), typeof (5n * 2n));
try { 1n + 1; } catch (error) { console.log(error.name); }
try { BigInt(1.5); } catch (error) { console.log(error.name); }
console.log((123456789n ** 5n).toString(), BigInt(Number.MAX_SAFE_INTEGER) + 2n, (2n ** 64n).toString(36), -(2n ** 63n), 0n === -0n);
console.log((25).toString(36), (0.5).toString(2), (1 / 3).toString(3).slice(0, 12), (1e21).toLocaleString === undefined, (1.005).toFixed(2), (1.45).toFixed(1), (-1.5).toFixed(0), 1e21.toFixed(2));
for (const value of [0, -0, 1, 1.5, -1e-7, 1e21, 123e-20, 4294967296, 2147483648, -2147483649]) console.log(value, value | 0, value >>> 0);
let i = 2147483647;
i++;
console.log(i, i | 0, -2147483648 - 1, 2147483647 * 2, 65536 * 65536, 46341 * 46341, 1 - 1 * 0, -1 * 0);
console.log(5 in [1, 2], 'a' in { a: 1 }, [] instanceof Array, Object(1) instanceof Number, delete [].length);
