import { createSandbox } from 'caisson';
import { grantFetch } from 'caisson/fetch';

const sandbox = await createSandbox();
await grantFetch(sandbox, {
  origins: ['https://api.example.com', 'https://*.example.org'], // or a function (url) => boolean
  methods: ['GET'],
  responseLimit: 1024 * 1024, // bytes of a response
  headers: () => ({ authorization: 'secret' }), // the guest does not see them
  fetch: async (address) => new Response(`from ${address}`), // instead of the host's own
});
console.log(await sandbox.eval(`fetch('https://api.example.com/x').then((response) => response.text())`)); // from https://api.example.com/x
console.log(await sandbox.eval(`fetch('https://example.com').catch(String)`)); // TypeError: fetch: requests to https://example.com are not allowed
sandbox.dispose();
