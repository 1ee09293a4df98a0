// Concatenation in loops, joins, templates, slices and replacements.
const words = 'caisson is a watertight box in which people work under water'.split(' ');

function report(rows) {
  let text = '';
  for (let i = 0; i < rows; i++) {
    text += `${i}: ${words[i % words.length]}`;
    text += i % 3 === 0 ? ';\n' : ', ';
  }
  return text;
}

function run() {
  let total = 0;
  for (let round = 0; round < 4; round++) {
    const text = report(3000);
    total += text.length;
    const lines = text.split('\n');
    total += lines.map((line) => line.trim().toUpperCase().padEnd(40, '.')).join('|').length;
    for (let i = 0; i < lines.length; i++) total += lines[i].indexOf('box') + lines[i].slice(2, 9).length;
    total += text.replaceAll('water', 'WATER').lastIndexOf('WATER');
  }
  return total;
}
