// Written for the first version of the API, and still works.
import { registerCommand } from 'app:api/1';

registerCommand('quote', (text) => text.replace(/^/gm, '> '));
