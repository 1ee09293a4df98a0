// The site of the documents. They are written to be read as Markdown on the forge too: what a link means there that
// leaves this folder, it means here.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outline } from './outline.mjs';
import { slugOf } from './slug.mjs';

const docs = fileURLToPath(new URL('..', import.meta.url));
const root = join(docs, '..', '..');
const forge = process.env.CAISSON_FORGE ?? 'https://github.com/caisson-js/caisson';

// Files of the repository that a page of the site includes or stands for.
const pages = {
  'SECURITY.md': '/security',
  'npm/index.d.ts': '/api/',
  'README.md#comparison': '/performance#as-measured',
};

/** What a link means on the site. */
function target(href, page) {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href;
  const [path, anchor] = href.split('#');
  const file = join(dirname(join(docs, page)), path);
  const name = relative(root, file).replaceAll(sep, '/');
  if (!relative(docs, file).startsWith('..')) return href;
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  const found = pages[name + suffix] ?? (pages[name] && pages[name] + suffix);
  if (found !== undefined) return found;
  const kind = existsSync(file) && statSync(file).isDirectory() ? 'tree' : 'blob';
  return `${forge}/${kind}/main/${name}${suffix}`;
}

/** A rule of markdown-it, before VitePress looks at the links itself. */
function leadOutside(md) {
  md.core.ruler.push('links-of-the-repository', ({ tokens, env }) => {
    const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open');
    for (const token of links) token.attrSet('href', target(token.attrGet('href'), env.relativePath ?? ''));
  });
}

export default {
  title: 'Caisson',
  description: 'A JavaScript engine in WebAssembly for running code that nobody trusts',
  base: process.env.CAISSON_DOCS_BASE ?? '/',
  outDir: process.env.CAISSON_DOCS_OUTPUT ?? join(root, 'build', 'docs'),
  cacheDir: join(root, 'build', 'docs-cache'),
  srcExclude: ['node_modules/**'],
  lastUpdated: false,
  markdown: { anchor: { slugify: slugOf }, config: leadOutside },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Five minutes', link: '/getting-started' },
      { text: 'Options', link: '/options' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [
      ...outline.map(({ text, items }) => ({
        text,
        items: items.map(([title, page]) => ({ text: title, link: `/${page.replace(/\.md$/, '')}` })),
      })),
      { text: 'API', link: '/api/' },
    ],
    socialLinks: [{ icon: 'github', link: forge }],
  },
};
