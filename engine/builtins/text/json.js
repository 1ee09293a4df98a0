// Revivers: https://tc39.es/ecma262/#sec-internalizejsonproperty

function InternalizeJSONProperty(holder, key, reviver, record) {
  const value = holder[key];
  const known = %JSONRecordOf(record, value);
  if (%IsObject(value)) {
    const internalize = %SelfHosted("InternalizeJSONProperty");
    if (%IsArray(value)) {
      const length = %LengthOfArrayLike(value);
      for (let index = 0; index < length; index++) {
        const name = %ToString(index);
        const child = %JSONRecordChild(known, true, index, name);
        %JSONPut(value, name, %call(internalize, void 0, value, name, reviver, child));
      }
    } else {
      const keys = %OwnKeys(value);
      const names = [];
      // Which keys are enumerable is decided before the first call of the reviver.
      for (let i = 0; i < keys.length; i++) {
        if (typeof keys[i] === "string" && %IsOwnEnumerable(value, keys[i])) %ListAppend(names, keys[i]);
      }
      const inOrder = %JSONRecordCount(known) === names.length;
      for (let i = 0; i < names.length; i++) {
        const child = %JSONRecordChild(known, false, inOrder ? i : -1, names[i]);
        %JSONPut(value, names[i], %call(internalize, void 0, value, names[i], reviver, child));
      }
    }
  }
  const details = %CreateObject(%ObjectPrototype);
  const text = %JSONRecordText(known);
  if (text !== void 0) %CreateDataPropertyOrThrow(details, "source", text);
  return %call(reviver, holder, key, value, details);
}
