// Namespaces of modules, whose declarations may not have been reached.
import * as self from './console-namespaces.mjs';

export const first = { a: 1 };
console.log(self, [self]);
export default class Last {}
console.log(self);
