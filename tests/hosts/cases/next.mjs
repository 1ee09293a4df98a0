// Next: one app in which the package is used by a client, a server component and a route, and one with an edge route,
// each built by both of its bundlers. The cases of an app share its build.
import { checkProgram } from '../apps.mjs';
import { App } from '../app.mjs';
import { tellingProgram } from '../sites.mjs';

const layout = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`;
const client = (expectation) => `'use client';
import { useEffect } from 'react';
${checkProgram()}
function start() {
${tellingProgram(expectation.address)}
}
export default function Page() {
  useEffect(start, []);
  return <p>A client</p>;
}
`;
const serverComponent = `${checkProgram()}
export const dynamic = 'force-dynamic';
export default async function Page() {
  return <p id="report">{JSON.stringify(await run())}</p>;
}
`;
const route = (runtime) => `${checkProgram()}
export const dynamic = 'force-dynamic';
export const runtime = '${runtime}';
export async function GET() {
  try {
    return Response.json(await run());
  } catch (error) {
    return new Response(String((error && error.stack) || error), { status: 500 });
  }
}
`;

/** Builds and starts an app once for all its cases: gives its address, and what its client is to tell. */
function startApp(app, bundler, kind) {
  return app.run.once(`next ${bundler} ${kind}`, async () => {
    const shared = new App(app.run, { tool: 'next', name: `next ${bundler} ${kind}` }, 'shared');
    app.run.apps.push(shared);
    const expectation = shared.expectation();
    const files =
      kind === 'edge'
        ? {
            'app/page.js': 'export default function Page() {\n  return <p>Home</p>;\n}\n',
            'app/edge/route.js': route('edge'),
          }
        : {
            'app/page.js': client(expectation),
            'app/server/page.js': serverComponent,
            'app/route/route.js': route('nodejs'),
          };
    shared.write({
      'package.json': { private: true, dependencies: { caisson: '*', next: '*', react: '*', 'react-dom': '*' } },
      'app/layout.js': layout,
      ...files,
    });
    await shared.command('next', ['build', `--${bundler}`], { timeLimit: 400_000 });
    const address = await shared.serve('next', (port) => ['start', '--hostname', '127.0.0.1', '--port', port]);
    return { address, expectation };
  });
}

async function checkText(app, response, text) {
  if (!response.ok) throw new Error(`HTTP status ${response.status}: ${text.slice(0, 2000)}`);
  app.checkReport(JSON.parse(text));
}

const ways = [
  {
    way: 'client component',
    async check(app, { address, expectation }) {
      await app.checkPage(address, expectation);
    },
  },
  {
    way: 'server component',
    async check(app, { address }) {
      const response = await fetch(`${address}server`);
      const html = await response.text();
      const [, text] = /<p id="report">(.*?)<\/p>/.exec(html) ?? [];
      await checkText(app, response, (text ?? html).replaceAll('&quot;', '"'));
    },
  },
  {
    way: 'route',
    async check(app, { address }) {
      const response = await fetch(`${address}route`);
      await checkText(app, response, await response.text());
    },
  },
  {
    way: 'edge route',
    kind: 'edge',
    async check(app, { address }) {
      const response = await fetch(`${address}edge`);
      await checkText(app, response, await response.text());
    },
  },
];

export const nextCases = ['turbopack', 'webpack'].flatMap((bundler) =>
  ways.map(({ way, kind = 'node', check }) => ({
    name: `Next 16 by ${bundler}, ${way}`,
    tool: 'next',
    run: async (app) => check(app, await startApp(app, bundler, kind)),
  })),
);
