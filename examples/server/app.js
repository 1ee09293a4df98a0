import { MemoryLimitError, SandboxError, TimeLimitError } from 'caisson';
import express from 'express';

/** @param {import('./tenants.js').Tenants} tenants */
export function createApp(tenants) {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.text({ type: () => true, limit: '100kb' }));
  app.param('tenant', checkName);
  app.param('name', checkName);

  app.put('/tenants/:tenant/functions/:name', async ({ params, body }, response) => {
    await tenants.define(params.tenant, params.name, bodyOf(body, ''));
    response.status(204).end();
  });

  app.post('/tenants/:tenant/functions/:name', async ({ params, body }, response) => {
    const result = await tenants.call(params.tenant, params.name, bodyOf(body, 'null'));
    if (result === undefined) response.status(404).json({ error: `There is no function ${params.name}` });
    else response.type('json').send(result);
  });

  // What a tenant's code throws is the tenant's: class, message and the stack within the sandbox.
  app.use((error, _request, response, _next) => {
    const status = error.status ?? statusOf(error);
    response.status(status).json({ error: String(error), stack: status === 422 ? error.stack : undefined });
  });
  return app;
}

const bodyOf = (body, otherwise) => (typeof body === 'string' && body !== '' ? body : otherwise);

function checkName(_request, response, next, name) {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(name)) next();
  else response.status(400).json({ error: 'Names consist of small letters, digits and hyphens' });
}

function statusOf(error) {
  if (error instanceof TimeLimitError) return 408;
  if (error instanceof MemoryLimitError) return 413;
  return error instanceof SandboxError ? 503 : 422;
}
