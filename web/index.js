// The page: a program, its output, and the actions on them.
import { Output } from './output/output.js';
import { Editor } from './program/editor.js';
import { keptPrograms } from './program/kept-programs.js';
import { isModule } from './program/module-syntax.js';
import { fragmentOf, holdsProgram, programOf } from './program/program-address.js';
import { Runner } from './program/runner.js';
import { programs } from './programs.js';

const KEEP_AFTER = 300; // ms

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const runButton = byId('run');
const stopButton = /** @type {HTMLButtonElement} */ (byId('stop'));
const shareButton = byId('share');
const menu = /** @type {HTMLSelectElement} */ (byId('examples'));
const status = /** @type {HTMLOutputElement} */ (byId('status'));
const output = new Output(byId('output'), byId('announcements'));

// The program ---------------------------------------------------------------------------------------------------------

let isEdited = false; // by the user, since it was loaded
/** @type {number | undefined} */
let keeping; // a timer

const editor = new Editor(byId('editor'), keptPrograms.current ?? programs[0].source, { onRun: run, onEdit: edited });
isEdited = keptPrograms.current !== undefined && !programs.some(({ source }) => source === keptPrograms.current);

function edited() {
  isEdited = true;
  leaveAddress();
  keeping ??= setTimeout(keep, KEEP_AFTER);
}

// From now on the program differs from that of the address.
function leaveAddress() {
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
}

function keep() {
  clearTimeout(keeping);
  keeping = undefined;
  if (!holdsProgram(location.hash)) keptPrograms.keep(editor.source);
}

/** Replaces the program by another one. @param {string} source */
function replaceProgram(source) {
  if (isEdited && editor.source !== source) keptPrograms.putAside(editor.source);
  isEdited = false;
  editor.source = source;
  showMenu();
}

// The program of the address is shown, but not run: anybody may have made the address.
async function openAddress() {
  const fragment = location.hash;
  if (!holdsProgram(fragment)) return;
  let source;
  try {
    source = await programOf(fragment);
  } catch {
    output.note('The address holds no program that can be read', 'error');
    return;
  }
  if (location.hash !== fragment || source === editor.source) return;
  replaceProgram(source);
  output.clear();
  output.note('This program came with the address: read it before you run it');
}

async function share() {
  try {
    const fragment = await fragmentOf(editor.source);
    history.replaceState(null, '', fragment);
    keptPrograms.keep(editor.source);
  } catch (error) {
    output.note(`The program cannot be shared: ${/** @type {Error} */ (error).message}`, 'error');
    return;
  }
  const isCopied = await navigator.clipboard?.writeText(location.href).then(
    () => true,
    () => false,
  );
  status.value = isCopied ? 'Address copied: it holds the program' : 'The address holds the program: copy it';
}

function showMenu() {
  const { previous } = keptPrograms;
  const options = programs.map(({ name }, index) => new Option(name, String(index)));
  if (previous !== undefined && previous !== editor.source) options.push(new Option('Your program before', 'previous'));
  const current = programs.findIndex(({ source }) => source === editor.source);
  const own = new Option('Your program', 'own', true, true);
  menu.replaceChildren(...(current < 0 ? [own] : []), ...options);
  if (current >= 0) menu.value = String(current);
}

function choose() {
  if (menu.value === 'own') return;
  leaveAddress();
  replaceProgram(menu.value === 'previous' ? (keptPrograms.previous ?? '') : programs[Number(menu.value)].source);
  isEdited = menu.value === 'own';
  keep();
}

// Its runs ------------------------------------------------------------------------------------------------------------

let begin = 0;

const runner = new Runner({
  ready: () => showState('Ready'),
  output: (entries, dropped, isCleared) => {
    if (isCleared) output.clear();
    output.add(entries, dropped);
  },
  ended: () => showState('Waiting for timers and answers…'),
  idle: (duration) => showState(`Finished in ${duration.toFixed(1)} ms`),
  failed: (reason) => {
    output.note(reason, 'error');
    showState('Failed');
  },
});

/** Whoever reads that a program has finished also finds all of its output. @param {string} text */
function showState(text) {
  output.show();
  status.value = text;
  const hadFocus = document.activeElement === stopButton;
  stopButton.disabled = !runner.isRunning;
  if (hadFocus && stopButton.disabled) runButton.focus();
}

function run() {
  output.clear();
  const { source } = editor;
  begin = performance.now();
  runner.run({ source, isModule: isModule(source) });
  keep();
  showState('Running…');
}

function stop() {
  runner.stop();
  output.note('Stopped');
  showState(`Stopped after ${(performance.now() - begin).toFixed(0)} ms`);
}

runButton.addEventListener('click', run);
stopButton.addEventListener('click', stop);
shareButton.addEventListener('click', share);
byId('clear').addEventListener('click', () => output.clear());
menu.addEventListener('change', choose);
addEventListener('hashchange', openAddress);
addEventListener('pagehide', keep);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') keep();
});

showMenu();
openAddress();
// For tests and bookmarklets: the page's program as text, and all of the output, of which the document holds only a
// part.
globalThis.playground = {
  setProgram(/** @type {string} */ source) {
    leaveAddress();
    replaceProgram(source);
    keep();
  },
  getProgram: () => editor.source,
  getOutput: () => output.shown,
};
