// The editor. It lives in a shadow root whose style sheets are created by script, since the page's policy allows no
// inline styles.
import { javascript } from '@codemirror/lang-javascript';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, Transaction } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { EditorView, basicSetup } from 'codemirror';

// The colours are those of style.css, in both themes.
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.self], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.escape], color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--number)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className, tags.typeName],
    color: 'var(--accent)',
  },
  { tag: [tags.comment, tags.meta], color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--error)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '14px', color: 'var(--text)', backgroundColor: 'var(--background)' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { color: 'var(--quiet)', backgroundColor: 'var(--panel)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 8%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    {
      backgroundColor: 'var(--selection)',
    },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--warning) 25%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'color-mix(in srgb, var(--error) 25%, transparent)' },
  '.cm-foldPlaceholder': { color: 'var(--text)', backgroundColor: 'var(--panel)', borderColor: 'var(--line)' },
  '.cm-panels, .cm-tooltip': { color: 'var(--text)', backgroundColor: 'var(--panel)', borderColor: 'var(--line)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--on-accent)',
    backgroundColor: 'var(--accent)',
  },
  '.cm-textfield, .cm-button': {
    color: 'var(--text)',
    backgroundColor: 'var(--background)',
    backgroundImage: 'none',
    borderColor: 'var(--line)',
  },
});

export class Editor {
  #view;

  /**
   * `onRun` is called on Ctrl+Enter, `onEdit` when the user has changed the program.
   * @param {HTMLElement} container
   * @param {string} source
   * @param {{ onRun: () => void, onEdit: () => void }} events
   */
  constructor(container, source, { onRun, onEdit }) {
    const root = container.attachShadow({ mode: 'open' });
    const parent = document.createElement('div');
    parent.style.height = '100%';
    root.append(parent);
    this.#view = new EditorView({
      parent,
      root,
      state: EditorState.create({
        doc: source,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onRun(), true) }])),
          basicSetup,
          javascript(),
          syntaxHighlighting(highlighting),
          theme,
          EditorView.contentAttributes.of({ 'aria-label': 'Program', tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (
              update.docChanged &&
              update.transactions.some((transaction) => transaction.annotation(Transaction.userEvent))
            )
              onEdit();
          }),
        ],
      }),
    });
  }

  get source() {
    return this.#view.state.doc.toString();
  }

  /** Loads another program; undo brings back the previous one. */
  set source(source) {
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: source },
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
  }

  focus() {
    this.#view.focus();
  }
}
