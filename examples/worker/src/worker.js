import { TimeLimitError } from 'caisson';
import { applyRule } from './rules.js';

export default {
  async fetch(request) {
    if (request.method !== 'POST') return new Response('POST { "rule": ..., "event": ... }\n', { status: 405 });
    try {
      const { rule, event } = await request.json();
      if (typeof rule !== 'string' || rule.length > 10_000) throw new TypeError('rule is a text');
      return Response.json(await applyRule(rule, event));
    } catch (error) {
      const status = error instanceof TimeLimitError ? 408 : 422;
      return Response.json({ error: String(error) }, { status });
    }
  },
};
