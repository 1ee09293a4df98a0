// What the tests of the page share.
import { visitPlayground } from '../tools/chromium.mjs';

/** The page, for a test file; `start` gives what runs programs in a new tab of it. */
export async function openPlayground() {
  const site = await visitPlayground();
  return {
    address: site.address,
    close: site.close,
    async start(options) {
      const page = await site.open(options);
      const status = () => page.evaluate(() => document.getElementById('status').value);
      const waitForStatus = (begin) =>
        page.waitForFunction((text) => document.getElementById('status').value.startsWith(text), begin);
      return {
        page,
        status,
        waitForStatus,
        program: () => page.evaluate(() => globalThis.playground.getProgram()),
        setProgram: (source) => page.evaluate((text) => globalThis.playground.setProgram(text), source),
        entries: (kind) => page.locator(kind === undefined ? '.entry' : `.entry.${kind}`).allTextContents(),
        async start(source) {
          await this.setProgram(source);
          await page.click('#run');
        },
        async run(source) {
          await this.start(source);
          await waitForStatus('Finished');
        },
      };
    },
  };
}
