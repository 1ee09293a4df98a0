// Names for the stacks that tests/charged/detector.c writes: one line each, innermost function first.
import { execFileSync } from 'node:child_process';

// `text`: standard error of a `charged` program. Returns a Map from stack to how often it was reported.
export function namedStacks(program, text) {
  const stacks = text
    .split('\n')
    .filter((line) => line.startsWith('uncharged '))
    .map((line) => line.split(' ').slice(1));
  const addresses = [...new Set(stacks.flat())];
  const names = new Map();
  if (addresses.length > 0) {
    const output = execFileSync('addr2line', ['-f', '-i', '-p', '-s', '-e', program, ...addresses], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    let index = -1;
    for (const line of output.trimEnd().split('\n')) {
      const inlined = line.startsWith(' (inlined by) ');
      if (!inlined) index++;
      const name = line
        .replace(' (inlined by) ', '')
        .replace(/ at /, '@')
        .replace(/ \(discriminator.*/, '');
      names.set(addresses[index], inlined ? `${names.get(addresses[index])} < ${name}` : name);
    }
  }
  const found = new Map();
  for (const stack of stacks) {
    const named = stack
      .map((address) => names.get(address))
      .filter((name) => !/^\?\?|^_start|^main@|fuel_detector|fuel_charge@|fuel_spend@/.test(name));
    const line = named.join(' < ');
    found.set(line, (found.get(line) ?? 0) + 1);
  }
  return found;
}
