import Handlebars from 'handlebars/dist/cjs/handlebars.js';

Handlebars.registerHelper(
  'loud',
  (text) => new Handlebars.SafeString(`<b>${Handlebars.escapeExpression(text).toUpperCase()}</b>`),
);
Handlebars.registerHelper('times', (n, options) =>
  Array.from({ length: n }, (_, index) => options.fn({ index })).join(''),
);
Handlebars.registerPartial('card', '<div>{{title}}: {{> @partial-block}}</div>');
const render = Handlebars.compile(`{{#each people as |person i|}}
{{@index}}/{{i}} {{person.name}} {{#unless @last}},{{/unless}}{{~#if person.tags}} [{{#each person.tags}}{{this}}{{#unless @last}} {{/unless}}{{/each}}]{{else}} none{{/if}}
{{/each}}
{{#with owner}}{{first}} {{last}} {{../count}}{{/with}} {{loud "a <b> & c"}} {{{raw}}} {{escaped}} {{#times 3}}<{{index}}>{{/times}}
{{#> card title="T"}}body{{/card}} {{lookup map key}} {{missing.deep.path}} {{!-- comment --}}\\{{literal}}`);
console.log(
  render({
    people: [
      { name: 'Ada', tags: ['x', 'y'] },
      { name: 'Alan', tags: [] },
    ],
    owner: { first: 'G', last: 'H' },
    count: 3,
    raw: '<i>',
    escaped: '<i> "q" \'s\' `t` =',
    map: { k: 'found' },
    key: 'k',
  }),
);
console.log(JSON.stringify(Handlebars.parse('a {{b.c d="e"}}').body.map((node) => node.type)));
console.log(Handlebars.precompile('{{x}}').length > 100);
try {
  Handlebars.compile('{{#if}}')({});
} catch (error) {
  console.log(error.message.split('\n')[0]);
}
