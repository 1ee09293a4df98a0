// The same in a page.
export { host } from '../../npm/src/host-browser.js';
