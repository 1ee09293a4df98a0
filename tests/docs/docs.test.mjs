// The documents stay true: links and anchors lead somewhere, examples run, options and errors are all there with their
// defaults, and files and commands that a page names exist. (npm run hosts builds the site.)
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { outline } from '../../web/docs/.vitepress/outline.mjs';
import { slugOf } from '../../web/docs/.vitepress/slug.mjs';
import { root } from '../../wasm-glue/tools/root.mjs';
import { cases } from '../hosts/cases.mjs';
import { ExampleFolder, commandsIn, examplesIn, expectedLines, fencesIn } from '../readme/examples.mjs';

const docs = join(root, 'web', 'docs');
const read = (file) => readFileSync(file, 'utf8');
const shown = (file) => relative(root, file);

const ignored = new Set(['node_modules', 'api', 'dist']);
function pagesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !ignored.has(name) && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pagesIn(path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}
const pages = pagesIn(docs);
const others = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'engine/README.md'].map((name) =>
    join(root, name),
  ),
  ...pagesIn(join(root, 'examples')),
];

// A page without its code, and without links that are shown as code.
const prose = (text) => text.replace(/^(```|~~~)[^]*?^\1/gm, '').replace(/^ {4}.*$/gm, '');
const withoutCode = (text) => prose(text).replace(/`[^`\n]*`/g, '``');

function anchorsOf(file) {
  const headings = [...prose(read(file)).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    slugOf(heading.replace(/`|\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
  // The second of two headings with the same words has a number.
  return new Set(
    headings.map((slug, index) => {
      const before = headings.slice(0, index).filter((other) => other === slug).length;
      return before === 0 ? slug : `${slug}-${before}`;
    }),
  );
}

function brokenLinks(file, text) {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, href]) => href);
  return links
    .filter((href) => !/^https?:\/\//.test(href))
    .filter((href) => {
      const [path, anchor] = href.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(target)) return true;
      if (anchor === undefined) return false;
      return statSync(target).isDirectory() || !anchorsOf(target).has(anchor);
    });
}

test('every link and anchor leads somewhere', () => {
  const broken = [...pages, ...others].flatMap((file) =>
    brokenLinks(file, read(file)).map((href) => `${shown(file)}: ${href}`),
  );
  assert.deepEqual(broken, []);
  const text =
    '[a](gone.md) [b](errors.md#gone) [c](errors.md#errors) [d](#here) `[e](no.md)` [f](../../README.md#limits)';
  assert.deepEqual(brokenLinks(join(docs, 'index.md'), text), ['gone.md', 'errors.md#gone', '#here']);
});

test('what a page includes exists', () => {
  for (const file of pages)
    for (const [, name, region] of read(file).matchAll(/<!--@include: ([^\s#{]+)(?:#([\w-]+)|\{[\d,]+\})-->/g)) {
      const included = read(join(dirname(file), name));
      if (region !== undefined) assert.ok(included.includes(`<!-- #region ${region} -->`), `${shown(file)}: ${region}`);
    }
});

test('the sidebar has every page once, and index.md leads to each', () => {
  const listed = outline.flatMap(({ items }) => items.map(([, page]) => page));
  assert.deepEqual(
    ['index.md', ...listed].sort(),
    pages.map((file) => relative(docs, file)),
  );
  const index = read(join(docs, 'index.md'));
  for (const page of listed) assert.ok(index.includes(`](${page})`), page);
});

const examples = pages.flatMap((file) =>
  examplesIn(read(file)).map(({ source, line }) => ({ source, place: `${shown(file)}:${line}` })),
);
/** @type {ExampleFolder} */
let folder;
before(() => {
  folder = new ExampleFolder('package');
});
after(() => folder?.remove());

test('the examples run with the packed package, and print what they say', async (context) => {
  assert.ok(examples.length >= 30);
  const printed = folder.run(examples.map(({ source }) => source));
  for (const [index, { source, place }] of examples.entries())
    await context.test(place, () => {
      const expected = expectedLines(source);
      assert.ok(expected.length > 0, 'it says nothing that it prints');
      assert.deepEqual(printed[index], expected);
    });
});

test('the commands print what their pages show', async (context) => {
  const commands = pages.flatMap((file) => commandsIn(read(file)).map((row) => ({ ...row, file: shown(file) })));
  assert.ok(commands.length > 0);
  for (const { file, line, command, expected } of commands)
    await context.test(`${file}:${line}: ${command}`, () => assert.deepEqual(folder.shell(command), expected));
});

test('every option of the command line that a page names is in its help', () => {
  const help = folder.shell('npx caisson --help').join('\n');
  const named = [...read(join(docs, 'command-line.md')).matchAll(/(?<![\w-])--[a-z][\w-]+/g)].map(([name]) => name);
  assert.ok(named.length > 3);
  assert.deepEqual(
    named.filter((name) => !help.includes(name)),
    [],
  );
});

test('the examples pass tsc --strict', () => {
  const errors = folder.typeErrors(examples.map(({ source }) => source));
  assert.equal(
    errors.replace(/\S*typed-(\d+)\.mts/g, (_, index) => examples[index - 1].place),
    '',
  );
});

test('code that is only shown is code', () => {
  const known = /^(?:js(?: \[[^\]]+\])?|console|html|sh|json|c|ts)$/;
  for (const file of pages)
    for (const { info, source, line } of fencesIn(read(file))) {
      assert.match(info, known, `${shown(file)}:${line}`);
      if (/^js/.test(info))
        transformSync(source, { loader: 'jsx', format: 'esm', sourcefile: `${shown(file)}:${line}` });
    }
});

/** The declarations of the package's entries but `caisson/embedded`, which has the same as `caisson`. */
const entries = Object.entries(JSON.parse(read(join(root, 'npm', 'package.json'))).exports)
  .map(([subpath, { types }]) => [subpath.replace('.', 'caisson'), types?.default])
  .filter(([, file]) => file !== undefined && !file.startsWith('./dist/'))
  .map(([name, file]) => ({ name, text: read(join(root, 'npm', file)) }));

// What declarations say about options: their names, and the defaults that their comments name.
function optionsOf(text, ...names) {
  const source = ts.createSourceFile('entry.d.ts', text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((node) => ts.isInterfaceDeclaration(node) && names.some((name) => node.name.text.endsWith(name)))
    .flatMap(({ members }) =>
      members.map((member) => {
        const comment =
          member
            .getFullText()
            .match(/\/\*\*[^]*?\*\//g)
            ?.at(-1) ?? '';
        const words = comment.replace(/\s*\n\s*\* ?/g, ' ');
        const value = /\bDefault:? ([\d,.]+(?: [KMG]iB)?|true|false)(?=[\s,.])/.exec(words)?.[1];
        return { name: member.name.text, value: value?.replace(/[.,]$/, '') };
      }),
    );
}

/** The rows of a section's tables, by the name in the first column. */
function rowsOf(text) {
  const rows = [...text.matchAll(/^\| `([\w.]+)` \| (.*?) \| (.*) \|$/gm)];
  return new Map(rows.map(([, name, value, what]) => [name, { value, what }]));
}

test('options.md has every option, with the default of the declarations, and no other', () => {
  const page = read(join(docs, 'options.md'));
  const section = (heading) => page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  const check = (text, options, place) => {
    const rows = rowsOf(text ?? '');
    assert.deepEqual([...rows.keys()].sort(), [...new Set(options.map(({ name }) => name))].sort(), place);
    for (const { name, value } of options) {
      const row = rows.get(name);
      assert.ok(row.what.length > 10, name);
      if (value !== undefined) assert.ok(row.value.includes(value), `${place}: ${name}: ${row.value}, not ${value}`);
    }
  };
  for (const { name, text } of entries.filter(({ name }) => name !== 'caisson'))
    check(section(`\`${name}\``), optionsOf(text, 'Options'), name);

  const [{ text }] = entries.filter(({ name }) => name === 'caisson');
  const limits = optionsOf(text, 'HostLimits').map(({ name, value }) => ({ name: `hostLimits.${name}`, value }));
  assert.ok(limits.length > 5 && limits.every(({ value }) => value !== undefined));
  const options = optionsOf(text, 'SandboxOptions').filter(({ name }) => name !== 'hostLimits');
  assert.ok(options.some(({ value }) => value === '256 MiB'));
  check(page.split(/^## /m)[0], [...options, ...limits], 'caisson');
  check(section('Of one program'), optionsOf(text, 'EvalOptions'), 'a program');
});

test('errors.md has every class of error that the package exports', () => {
  const classes = entries.flatMap(({ text }) =>
    [...text.matchAll(/^export class (\w+Error) /gm)].map(([, name]) => name),
  );
  assert.ok(classes.length > 8);
  const text = read(join(docs, 'errors.md'));
  const rows = rowsOf(text);
  for (const name of classes) assert.ok(rows.has(name) || name === 'GuestError', name);
  assert.match(text, /a `GuestError`/);
});

// Paths of this repository, in code or as the text of a link.
const pathsIn = (text) =>
  [...prose(text).matchAll(/`((?:engine|npm|tests|wasm-glue|web|examples)\/[\w*./-]*)`/g)].map(([, path]) => path);
const isThere = (path) => existsSync(join(root, path.replace(/\*.*$/, '')));

test('every file that a page names exists', () => {
  const missing = [...pages, ...pagesIn(join(root, 'examples'))].flatMap((file) =>
    pathsIn(read(file))
      .filter((path) => !isThere(path))
      .map((path) => `${shown(file)}: ${path}`),
  );
  assert.deepEqual(missing, []);
  assert.deepEqual(
    pathsIn('`web/index.js` and `npm/gone.js`').filter((path) => !isThere(path)),
    ['npm/gone.js'],
  );
});

// Files of its own project that an example's README names.
test("every file that an example's README names exists", () => {
  for (const file of pagesIn(join(root, 'examples')))
    for (const [, name] of prose(read(file)).matchAll(/`([\w/-]+\.(?:jsx?|svelte|json))`/g))
      assert.ok(existsSync(join(dirname(file), name)), `${shown(file)}: ${name}`);
});

test('every command of npm that a page names exists', () => {
  const { scripts } = JSON.parse(read(join(root, 'package.json')));
  for (const file of pages)
    for (const [, name, words = ''] of read(file).matchAll(/`npm run (\w+)(?: -- ([\w .-]+))?`/g)) {
      assert.ok(Object.hasOwn(scripts, name), `${shown(file)}: npm run ${name}`);
      if (name !== 'hosts') continue;
      const wanted = words.toLowerCase().split(' ');
      const found = cases.filter((row) =>
        wanted.every((word) => `${row.group}: ${row.name}`.toLowerCase().includes(word)),
      );
      assert.ok(found.length > 0, `${shown(file)}: npm run hosts -- ${words}`);
    }
});
