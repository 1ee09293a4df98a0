// Compiles a template and renders it with helpers and partials.
import Handlebars from 'handlebars/dist/cjs/handlebars.js';

const template = `<ul>{{#each people}}<li class="{{#if active}}on{{else}}off{{/if}}">{{shout name}} {{> contact this}}
{{#each tags as |tag index|}}{{index}}:{{tag}} {{/each}}</li>{{/each}}</ul>{{{raw}}}`;
const people = Array.from({ length: 60 }, (_, id) => ({
  name: `Person <${id}>`,
  active: id % 2 === 0,
  mail: `p${id}@x.org`,
  tags: ['a', 'b', 'c'],
}));

export function run() {
  const instance = Handlebars.create();
  instance.registerHelper('shout', (text) => text.toUpperCase());
  instance.registerPartial('contact', '<a href="mailto:{{mail}}">{{mail}}</a>');
  const render = instance.compile(template);
  let length = 0;
  for (let i = 0; i < 3; i++) length += render({ people, raw: '<hr>' }).length;
  return length;
}
