// The site of web/docs, built by its own tools and read in Chromium.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outline } from '../../../web/docs/.vitepress/outline.mjs';
import { root } from '../../../wasm-glue/tools/root.mjs';
import { findNode } from '../tools.mjs';

export const docsCases = [
  {
    name: 'site',
    node: undefined,
    async run(app) {
      const tool = join(root, 'wasm-glue', 'tools', 'docs.mjs');
      const args = ['--output', app.path('site')];
      await app.command(findNode(app.node), [tool, ...args], { timeLimit: 400_000 });
      for (const [, page] of outline.flatMap(({ items }) => items)) {
        const html = readFileSync(app.path('site', page.replace(/\.md$/, '.html')), 'utf8');
        assert.match(html, /<h1 id=/, page);
      }
      // What pages include from other files, and the reference.
      const textOf = (page) => readFileSync(app.path('site', page), 'utf8');
      assert.match(textOf('security.html'), /<h2 id="what-is-promised"/);
      assert.match(textOf('performance.html'), /quickjs-ng/);
      assert.match(textOf(join('api', 'index', 'functions', 'createSandbox.html')), /LoadError/);
      await app.usePage(await app.site(app.path('site')), async (page) => {
        const title = (text) => page.getByRole('heading', { level: 1, name: text }).waitFor();
        await title('Caisson');
        await page.getByRole('main').getByRole('link', { name: 'Five minutes' }).click();
        await title('Five minutes');
        await page.getByRole('main').getByRole('link', { name: 'how to be safe' }).click();
        await title('Security');
        await page.getByRole('heading', { name: 'How to be safe' }).waitFor();
        await page.getByRole('link', { name: 'How it is made' }).first().click();
        await title('How it is made');
        const picture = page.getByRole('img', { name: 'The layers of the engine' });
        assert.ok(await picture.evaluate(async (image) => (await image.decode(), image.naturalWidth > 100)));
      });
    },
  },
];
