import { fileURLToPath } from 'node:url';
import { PluginHost } from './plugin-host.js';

const host = new PluginHost();
await host.watch(fileURLToPath(new URL('plugins', import.meta.url)));

let state = { text: 'Caisson: a box\nto work under water', selection: [0, 7] };
for (const command of host.commands) {
  state = host.run(command, state);
  console.log(`${command}: ${JSON.stringify(state)}`);
}
console.log('Waiting for changes in plugins/ (Ctrl+C ends).');
