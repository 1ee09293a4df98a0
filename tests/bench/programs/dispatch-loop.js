// An interpreter inside the interpreter: a small stack machine with a switch over numbers.
const program = [
  1, 0, 2, 0, 1, 1, 2, 1,
  3, 0, 1, 3000, 6, 9, 26,
  3, 0, 3, 1, 4, 1, 9973, 7, 2, 1,
  3, 0, 1, 1, 4, 2, 0, 8, 8,
  3, 1, 0,
];

function execute(code) {
  const stack = [];
  const locals = [0, 0];
  let at = 0;
  for (;;) {
    switch (code[at++]) {
      case 0: return stack.pop();
      case 1: stack.push(code[at++]); break;
      case 2: locals[code[at++]] = stack.pop(); break;
      case 3: stack.push(locals[code[at++]]); break;
      case 4: { const b = stack.pop(); stack.push(stack.pop() + b); break; }
      case 6: { const b = stack.pop(); stack.push(stack.pop() < b ? 1 : 0); break; }
      case 7: { const b = stack.pop(); stack.push(stack.pop() % b); break; }
      case 8: at = code[at]; break;
      case 9: if (stack.pop() === 0) at = 34; else at++; break;
      default: throw new Error('bad operation');
    }
  }
}

function run() {
  let check = 0;
  for (let i = 0; i < 3; i++) check += execute(program);
  return check;
}
