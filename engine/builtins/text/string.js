// The methods of String.prototype that call replacer functions. https://tc39.es/ecma262/#sec-string-objects

// https://tc39.es/ecma262/#sec-string.prototype.replace
function StringPrototype_replace(searchValue, replaceValue) {
  if (this === undefined || this === null) %ThrowTypeError("String.prototype.replace called on %", this);
  if (%IsObject(searchValue)) {
    const replacer = %GetMethod(searchValue, %SymbolReplace());
    if (replacer !== undefined) return %call(replacer, searchValue, this, replaceValue);
  }
  const text = %ToString(this);
  const search = %ToString(searchValue);
  const isFunction = %IsCallable(replaceValue);
  if (!isFunction) replaceValue = %ToString(replaceValue);
  const position = %StringIndexOf(text, search, 0);
  if (position < 0) return text;
  const replacement = isFunction ? %ToString(%call(replaceValue, undefined, search, position, text))
                                 : %GetSubstitution(%ListCreate(search), text, position, undefined, replaceValue);
  return %ReplacePieces(text, %ListCreate(position, position + search.length, replacement));
}

// https://tc39.es/ecma262/#sec-string.prototype.replaceall
function StringPrototype_replaceAll(searchValue, replaceValue) {
  if (this === undefined || this === null) %ThrowTypeError("String.prototype.replaceAll called on %", this);
  if (%IsObject(searchValue)) {
    %CheckGlobalRegExp(searchValue, "replaceAll");
    const replacer = %GetMethod(searchValue, %SymbolReplace());
    if (replacer !== undefined) return %call(replacer, searchValue, this, replaceValue);
  }
  const text = %ToString(this);
  const search = %ToString(searchValue);
  const isFunction = %IsCallable(replaceValue);
  if (!isFunction) replaceValue = %ToString(replaceValue);
  const step = search.length === 0 ? 1 : search.length;
  const pieces = %ListCreate();
  for (let position = %StringIndexOf(text, search, 0); position >= 0; position = %StringIndexOf(text, search, position + step)) {
    %ListAppend(pieces, position);
    %ListAppend(pieces, position + search.length);
    %ListAppend(pieces, search);
  }
  for (let i = 2; i < pieces.length; i += 3) {
    const position = pieces[i - 2];
    pieces[i] = isFunction ? %ToString(%call(replaceValue, undefined, search, position, text))
                           : %GetSubstitution(%ListCreate(search), text, position, undefined, replaceValue);
  }
  return %ReplacePieces(text, pieces);
}
