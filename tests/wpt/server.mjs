// The suite's own server, in Python: serve.py.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export async function startServer(suite) {
  const program = join(dirname(fileURLToPath(import.meta.url)), 'serve.py');
  const server = spawn('python3', ['-B', program, suite], { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = once(server, 'exit').then(([code]) => {
    throw new Error(`The server of web-platform-tests ended with ${code}. It needs the folder tools of the suite`);
  });
  failed.catch(() => {});
  const [line] = await Promise.race([once(createInterface({ input: server.stdout }), 'line'), failed]);
  const [port] = JSON.parse(line).ports;
  return { address: `http://localhost:${port}`, stop: () => server.stdin.end() };
}
