import { parse, parseFragment, serialize } from 'parse5';

const html =
  '<!doctype html><table><tr><td>1<td>2</table><p>a<p>b<div id=x class="y z">t &amp; &notin; <b><i>mis</b>nested</i><br>' +
  '<script>if (a<b) {}</script><svg><path d="M0"/></svg><select><option>1<option selected>2</select><template><td>x</template>';
console.log(serialize(parse(html)));
const errors = [];
const fragment = parseFragment('<a href=x href=y>t</b></a><!-- c --->', {
  sourceCodeLocationInfo: true,
  onParseError: (error) => errors.push(error.code),
});
console.log(
  errors.join(),
  JSON.stringify(
    fragment.childNodes.map((node) => [
      node.nodeName,
      node.sourceCodeLocation.startOffset,
      node.sourceCodeLocation.endOffset,
    ]),
  ),
);
