// Replacing, where replacer functions are called. https://tc39.es/ecma262/#sec-regexp-regular-expression-objects

// https://tc39.es/ecma262/#sec-regexp.prototype-@@replace
function RegExpPrototype_replace(string, replaceValue) {
  const regexp = this;
  if (!%IsObject(regexp)) %ThrowTypeError("RegExp.prototype[Symbol.replace]: expected an object, not %", regexp);
  const text = %ToString(string);
  const isFunction = %IsCallable(replaceValue);
  if (!isFunction) {
    replaceValue = %ToString(replaceValue);
    const replaced = %RegExpReplaceText(regexp, text, replaceValue);
    if (replaced !== undefined) return replaced;
  } else {
    const pieces = %RegExpReplaceMatches(regexp, text);
    if (pieces !== undefined) {
      for (let i = 2; i < pieces.length; i += 3) {
        const values = pieces[i];
        let replacement;
        if (typeof values === "string") {
          replacement = %call(replaceValue, undefined, values, pieces[i - 2], text);
        } else if (values.length === 4) {
          replacement = %call(replaceValue, undefined, values[0], values[1], values[2], values[3]);
        } else {
          replacement = %call(%FunctionPrototype_apply, replaceValue, undefined, values);
        }
        pieces[i] = typeof replacement === "string" ? replacement : %ToString(replacement);
      }
      return %ReplacePieces(text, pieces);
    }
  }
  const flags = %RegExpFlagsOf(regexp);
  const isGlobal = (flags & 2) !== 0;
  const isUnicode = (flags & 96) !== 0;
  if (isGlobal) regexp.lastIndex = 0;
  const results = %ListCreate();
  for (;;) {
    const exec = regexp.exec;
    let result;
    if (%IsCallable(exec)) {
      result = %call(exec, regexp, text);
      if (result !== null && !%IsObject(result)) {
        %ThrowTypeError("exec must return an object or null, not %", result);
      }
    } else {
      result = %RegExpBuiltinExec(regexp, text);
    }
    if (result === null) break;
    %ListAppend(results, result);
    if (!isGlobal) break;
    if (%ToString(result[0]) === "") {
      regexp.lastIndex = %AdvanceStringIndex(text, %ToLength(regexp.lastIndex), isUnicode);
    }
  }
  const pieces = %ListCreate();
  let done = 0;
  for (let i = 0; i < results.length; i++) {
    const result = results[i];
    let count = %LengthOfArrayLike(result) - 1;
    if (count < 0) count = 0;
    const matched = %ToString(result[0]);
    let position = %ToIntegerOrInfinity(result.index);
    if (position > text.length) position = text.length;
    if (position < 0) position = 0;
    const values = %ListCreate(matched);
    for (let n = 1; n <= count; n++) {
      const capture = result[n];
      %ListAppend(values, capture === undefined ? undefined : %ToString(capture));
    }
    let groups = result.groups;
    let replacement;
    if (isFunction) {
      %ListAppend(values, position);
      %ListAppend(values, text);
      if (groups !== undefined) %ListAppend(values, groups);
      replacement = %ToString(%call(%FunctionPrototype_apply, replaceValue, undefined, values));
    } else {
      if (groups !== undefined) groups = %ToObject(groups);
      replacement = %GetSubstitution(values, text, position, groups, replaceValue);
    }
    if (position >= done) {
      %ListAppend(pieces, position);
      done = position + matched.length;
      if (done > text.length) done = text.length;
      %ListAppend(pieces, done);
      %ListAppend(pieces, replacement);
    }
  }
  return %ReplacePieces(text, pieces);
}
