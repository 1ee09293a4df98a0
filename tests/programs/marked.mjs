import { marked, Lexer } from 'marked';
import text from '../../node_modules/marked/README.md' with { type: 'text' };

console.log(marked.parse(text));
console.log(
  marked.parse(
    '| a | b |\n|--|:-:|\n| *x* | `y|z` |\n\n1. one\n   - two\n\n<b>html</b>\n\n~~gone~~ **_both_** &copy; \\*no\\*',
  ),
);
console.log(JSON.stringify(Lexer.lex('# Title\n\n> quote\n\n- [ ] todo')));
marked.use({
  renderer: {
    heading({ tokens, depth }) {
      return `<h${depth} class="own">${this.parser.parseInline(tokens)}</h${depth}>`;
    },
  },
});
console.log(marked.parse('## Own renderer'));
