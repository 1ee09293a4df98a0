// Renders a Markdown document of many kinds of blocks.
import { marked } from 'marked';

const section = (n) => `
# Chapter ${n}

Some *emphasis*, **strong text**, \`code\`, a [link](https://example.org/${n} "title") and ![image](a.png).
A line with a hard break\\
and an autolink <https://example.org>.

- item one
- item two
  1. nested ${n}
  2. nested again
- [x] done

> quoted text
> with **two** lines

| name | value |
|------|------:|
| a    | ${n}  |
| b    | ${n * 2} |

\`\`\`js
const x = ${n};
\`\`\`
`;
const text = Array.from({ length: 20 }, (_, n) => section(n)).join('\n');

export function run() {
  return marked.parse(text).length;
}
