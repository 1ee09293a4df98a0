import { Liquid } from 'liquidjs/dist/liquid.browser.mjs';

const engine = new Liquid();
const template =
  '{% assign a = "x,y" | split: "," %}{% for i in a reversed %}{{ i | upcase }}{{ forloop.index0 }}{% endfor %}' +
  '{{ 5 | divided_by: 2.0 }} {{ "now" | size }} {% case k %}{% when 1 %}one{% else %}other{% endcase %} ' +
  '{% tablerow i in (1..4) cols: 2 %}{{ i }}{% endtablerow %} {{ list | where: "n", 2 | map: "t" | join: "-" }} {{ html | escape }}';
engine
  .parseAndRender(template, {
    k: 1,
    list: [
      { n: 2, t: 'p' },
      { n: 2, t: 'q' },
    ],
    html: '<b>&',
  })
  .then(console.log);
engine.parseAndRender('{% if %}{{ x').catch((error) => console.log(error.name, error.message));
console.log(engine.parseAndRenderSync('{{ "a b" | replace: " ", "_" | append: "!" }}'));
