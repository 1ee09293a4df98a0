// The table and the chart.
import { engineTitles } from './engines.mjs';

const format = (ms) => (ms === undefined ? '-' : ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));

export function geometricMean(numbers) {
  return numbers.length === 0
    ? undefined
    : Math.exp(numbers.reduce((sum, number) => sum + Math.log(number), 0) / numbers.length);
}

export function printTable(programs, names) {
  const width = Math.max(...programs.map(({ name }) => name.length), 7);
  let group;
  for (const program of programs) {
    if (program.group !== group) {
      group = program.group;
      const titles = names.map((name) => engineTitles[name].padStart(20)).join('');
      console.log(`\n${group.padEnd(width)}${titles}${'against QuickJS'.padStart(17)}`);
    }
    const columns = names.map((name) => format(program[`${name}_ms`] ?? program[`${name}_kb`]).padStart(20)).join('');
    const ratio = program.ratio_vs_quickjs === undefined ? '' : `${program.ratio_vs_quickjs.toFixed(2)}x`;
    console.log(
      `${program.name.padEnd(width)}${columns}${ratio.padStart(17)}${[program.note, program.error].map((text) => (text ? `  ${text}` : '')).join('')}`,
    );
  }
}

const colours = {
  caisson: '#0b7285',
  quickjs: '#868e96',
  quickjs_ng: '#adb5bd',
  quickjs_wasi: '#ced4da',
  v8: '#f08c00',
};

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

// Horizontal bars: how many times as fast as quickjs-emscripten, on a logarithmic axis.
export function chart(programs, names) {
  const rows = programs.filter((program) => program.quickjs_ms !== undefined);
  const shown = names.filter((name) => name !== 'quickjs');
  const bar = 7;
  const rowHeight = shown.length * bar + 8;
  const left = 330;
  const width = 1000;
  const top = 50;
  const [low, high] = [0.1, 200];
  const place = (ratio) =>
    left + ((width - left - 20) * Math.log(Math.min(Math.max(ratio, low), high) / low)) / Math.log(high / low);
  const parts = [];
  for (const tick of [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200]) {
    const x = place(tick).toFixed(1);
    parts.push(
      `<line x1="${x}" x2="${x}" y1="${top}" y2="${top + rows.length * rowHeight}" stroke="${tick === 1 ? '#495057' : '#e9ecef'}"/>`,
    );
    parts.push(`<text x="${x}" y="${top - 6}" text-anchor="middle">${tick}x</text>`);
  }
  rows.forEach((program, index) => {
    const y = top + index * rowHeight + 4;
    parts.push(`<text x="${left - 8}" y="${y + rowHeight / 2}" text-anchor="end">${escape(program.name)}</text>`);
    shown.forEach((name, column) => {
      if (program[`${name}_ms`] === undefined) return;
      const end = place(program.quickjs_ms / program[`${name}_ms`]);
      const [from, to] = [Math.min(place(1), end), Math.max(place(1), end)];
      parts.push(
        `<rect x="${from.toFixed(1)}" y="${y + column * bar}" width="${Math.max(1, to - from).toFixed(1)}" height="${bar - 1}" fill="${colours[name]}"/>`,
      );
    });
  });
  shown.forEach((name, index) => {
    parts.push(`<rect x="${left + index * 150}" y="10" width="10" height="10" fill="${colours[name]}"/>`);
    parts.push(`<text x="${left + 15 + index * 150}" y="19">${engineTitles[name]}</text>`);
  });
  const height = top + rows.length * rowHeight + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="white"/>
<text x="10" y="19" font-size="13">Times as fast as quickjs-emscripten</text>
${parts.join('\n')}
</svg>
`;
}
