// All pages in the order of the site's sidebar.
/** @type {{ text: string, items: [title: string, page: string][] }[]} */
export const outline = [
  {
    text: 'Begin',
    items: [
      ['Five minutes', 'getting-started.md'],
      ['Bundlers and hosts', 'bundlers.md'],
      ['Questions', 'faq.md'],
    ],
  },
  {
    text: 'Guides',
    items: [
      ['Plugins', 'guides/plugins.md'],
      ['Formulas', 'guides/formulas.md'],
      ["A language model's code", 'guides/language-models.md'],
      ['A playground', 'guides/playground.md'],
      ['Modules and npm packages', 'guides/modules.md'],
      ['A sandbox in a worker', 'guides/workers.md'],
      ['A server with many tenants', 'guides/servers.md'],
    ],
  },
  {
    text: 'Look up',
    items: [
      ['Options and limits', 'options.md'],
      ['What you can grant', 'grants.md'],
      ['Errors', 'errors.md'],
      ['Command line', 'command-line.md'],
      ['Security', 'security.md'],
      ['Performance', 'performance.md'],
      ['How it is made', 'how-it-is-made.md'],
    ],
  },
  {
    text: 'Coming from',
    items: [
      ['quickjs-emscripten', 'coming-from/quickjs-emscripten.md'],
      ['isolated-vm', 'coming-from/isolated-vm.md'],
      ['vm2', 'coming-from/vm2.md'],
      ['iframes and Workers', 'coming-from/iframes.md'],
      ['SES', 'coming-from/ses.md'],
    ],
  },
];
