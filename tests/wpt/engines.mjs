// Runs a test in a sandbox, and in a Node: both give { status, message, subtests: [{ name, status, message }] }.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grantCrypto } from '../../npm/src/entry-crypto-node.js';
import { grantFetch } from '../../npm/src/entry-fetch.js';
import { grantStreams } from '../../npm/src/entry-streams.js';
import { createSandbox } from '../../npm/src/index.js';
import { readResource, readScripts } from './suite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const failed = (message) => ({ status: 1, message, subtests: [] });

export async function runInSandbox(suite, run) {
  const { timeout } = run;
  let timer;
  const done = Promise.withResolvers?.() ?? withResolvers();
  const sandbox = await createSandbox({
    memoryLimit: 512 * 1024 * 1024,
    timeLimit: timeout,
    console: {},
    globals: {
      harness: {
        readResource: (path) => readResource(suite, run.name, path),
        report: (text) => done.resolve(JSON.parse(text)),
        address: run.address,
        isServed: run.isServed,
      },
    },
    onUncaughtError() {},
    onUnhandledRejection() {},
  });
  try {
    await grantCrypto(sandbox);
    await grantStreams(sandbox);
    await grantFetch(sandbox, {
      origins: run.isServed ? () => true : [],
      methods: [
        'DELETE',
        'GET',
        'HEAD',
        'OPTIONS',
        'PATCH',
        'POST',
        'PUT',
        'CHICKEN',
        'OK',
        'SUPER',
        'TACO',
        'TEST',
        'TESTING',
        '*',
      ],
      base: run.address,
      concurrent: 100,
      responseLimit: Infinity,
    });
    timer = setTimeout(() => done.resolve(failed('no result in time')), timeout);
    const prelude = readFileSync(join(here, 'prelude.js'), 'utf8').trim().replace(/;$/, '');
    await sandbox.eval(`(${prelude})(harness)`, { name: 'prelude.js' });
    // One script, since jobs run between two, and the harness takes the first of them for the end of the test's page.
    const scripts = await readScripts(suite, run);
    await sandbox.eval(scripts.map(sourceOf).join('\n'), { name: run.name, waitLimit: timeout });
    return await done.promise;
  } catch (error) {
    return failed(String(error));
  } finally {
    clearTimeout(timer);
    sandbox.dispose();
  }
}

// Scripts that become one: each as it would be by itself.
function sourceOf({ name, text }, index, { length }) {
  if (name.endsWith('testharness.js')) return `${text}\nreportResults();`;
  // A test in strict mode. Nothing comes after it, so its declarations may be its own.
  const isStrict = /^(?:\s|\/\/.*\n|\/\*[^]*?\*\/)*['"]use strict['"]/.test(text);
  return isStrict && index === length - 1 ? `(0, eval)(${JSON.stringify(text)});` : text;
}

function withResolvers() {
  const result = {};
  result.promise = new Promise((resolve) => Object.assign(result, { resolve }));
  return result;
}

export function runInNode(node, suite, run) {
  return new Promise((resolve) => {
    const argument = JSON.stringify({ suite, run });
    execFile(
      node,
      ['--no-warnings', join(here, 'run-in-node.mjs'), argument],
      { maxBuffer: 1 << 28 },
      (error, stdout) => {
        try {
          resolve(JSON.parse(stdout));
        } catch {
          resolve(failed(String(error)));
        }
      },
    );
  });
}
