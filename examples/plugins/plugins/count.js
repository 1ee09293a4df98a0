import { getSetting, registerCommand, setSetting } from 'app:api/2';

registerCommand('count', ({ text, selection }) => {
  setSetting('runs', (getSetting('runs') ?? 0) + 1);
  const words = text.match(/\p{Letter}+/gu) ?? [];
  console.log(`${words.length} words (run ${getSetting('runs')})`);
  return { text, selection };
});
