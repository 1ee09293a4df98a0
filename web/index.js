// The page: an editor, a program, its output.
import { javascript } from '@codemirror/lang-javascript';
import { EditorState, Prec } from '@codemirror/state';
import { oneDark } from '@codemirror/theme-one-dark';
import { keymap } from '@codemirror/view';
import { EditorView, basicSetup } from 'codemirror';
import { OutputView } from './output-view.js';
import { programs } from './programs.js';

const byId = (id) => document.getElementById(id);
const output = new OutputView(byId('output'));
const runButton = byId('run');
const stopButton = byId('stop');
const status = byId('status');
let worker;
let isReady = false;

const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
const editor = new EditorView({
  parent: byId('editor'),
  state: EditorState.create({
    doc: programs[0].source,
    extensions: [
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (run(), true) }])),
      basicSetup,
      javascript(),
      EditorView.contentAttributes.of({ 'aria-label': 'Program' }),
      ...(prefersDark ? [oneDark] : []),
    ],
  }),
});

function setProgram(source) {
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: source } });
}

function showState(text, { running = false } = {}) {
  status.value = text;
  runButton.disabled = !isReady || running;
  stopButton.disabled = !running;
}

function startWorker() {
  isReady = false;
  worker = new Worker(new URL('./program-worker.js', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }) => handlers[data.type]?.(data));
  worker.addEventListener('error', (event) => {
    output.add('error', [`The worker failed: ${event.message}`]);
    showState('Failed');
  });
}

const handlers = {
  ready() {
    isReady = true;
    showState('Ready');
  },
  console({ level, values }) {
    output.add(level, values);
  },
  result({ value, duration }) {
    if (value !== undefined) output.add('result', [value], { quotes: true });
    lastDuration = duration;
  },
  error({ text, duration }) {
    output.add('error', [text]);
    lastDuration = duration ?? lastDuration;
  },
  idle() {
    // Timers of the program may still fire; Stop ends them too.
    showState(`Finished in ${lastDuration.toFixed(1)} ms`);
    stopButton.disabled = false;
  },
};
let lastDuration = 0;

function run() {
  if (runButton.disabled) return;
  output.clear();
  showState('Running…', { running: true });
  worker.postMessage({ type: 'run', source: editor.state.doc.toString() });
}

function stop() {
  worker.terminate();
  output.add('note', ['Stopped']);
  startWorker();
  showState('Stopped; reloading the engine…');
}

runButton.addEventListener('click', run);
stopButton.addEventListener('click', stop);
byId('clear').addEventListener('click', () => output.clear());
const menu = byId('examples');
menu.append(...programs.map(({ name }, index) => new Option(name, index)));
menu.addEventListener('change', () => setProgram(programs[menu.value].source));

startWorker();
showState('Loading the engine…');
// For tests and bookmarklets: the page's program as text.
globalThis.playground = { setProgram, getProgram: () => editor.state.doc.toString() };
