// Decorators of classes and their elements. https://tc39.es/proposal-decorators/
//
// The compiler keeps a record per decorated element, an array: its decorators (receiver and function in turn), its
// key, value (or getter), setter, initialisers and extra initialisers. See bytecode/compile_decorators.c.

// https://tc39.es/proposal-decorators/#sec-createdecoratoraccessobject
function CreateDecoratorAccess(kind, key, hidden) {
  const access = {};
  if (kind !== "setter") {
    access.get = hidden ? (object) => %PrivateGet(object, hidden) : (object) => {
      if (!%IsObject(object)) %ThrowTypeError("cannot read the decorated property of %", object);
      return object[key];
    };
  }
  if (kind === "field" || kind === "accessor" || kind === "setter") {
    access.set = hidden ? (object, value) => {
      %PrivateSet(object, hidden, value);
    } : (object, value) => {
      if (!%IsObject(object)) %ThrowTypeError("cannot set the decorated property of %", object);
      object[key] = value;
    };
  }
  access.has = hidden ? (object) => %PrivateHas(object, hidden) : (object) => key in object;
  return access;
}

// https://tc39.es/proposal-decorators/#sec-createaddinitializerfunction  [the method, a function that ends its time]
function CreateAddInitializer(list) {
  let finished = false;
  const add = (initializer) => {
    if (finished) %ThrowTypeError("addInitializer can be called only while the decorator runs");
    if (!%IsCallable(initializer)) %ThrowTypeError("addInitializer: % is not a function", initializer);
    %CreateDataPropertyOrThrow(list, list.length, initializer);
  };
  return [add, () => {
    finished = true;
  }];
}

function PrependInitializer(list, initializer) {
  for (let index = list.length; index > 0; index--) %CreateDataPropertyOrThrow(list, index, list[index - 1]);
  %CreateDataPropertyOrThrow(list, 0, initializer);
}

function CheckDecoratorResult(value, what) {
  if (value !== void 0 && !%IsCallable(value)) %ThrowTypeError("a decorator must return a function or undefined for %, not %", what, value);
  return value !== void 0;
}

// https://tc39.es/proposal-decorators/#sec-applydecoratortoelementdefinition
function ApplyElementDecorators(record, kind, isStatic, hidden) {
  const decorators = record[0];
  const key = typeof record[1] === "symbol" ? record[1] : `${record[1]}`;
  const initializers = record[4];
  const check = %SelfHosted("CheckDecoratorResult");
  for (let index = decorators.length - 2; index >= 0; index -= 2) {
    const decorator = decorators[index + 1];
    if (!%IsCallable(decorator)) %ThrowTypeError("the decorator % is not a function", decorator);
    const adding = %call(%SelfHosted("CreateAddInitializer"), void 0, record[5]);
    const context = {
      kind,
      access: %call(%SelfHosted("CreateDecoratorAccess"), void 0, kind, key, hidden),
      static: isStatic,
      private: hidden !== void 0,
      name: key,
      addInitializer: adding[0],
    };
    const value = kind === "accessor" ? { get: record[2], set: record[3] } : record[2];
    const result = %call(decorator, decorators[index], value, context);
    %call(adding[1], void 0);
    if (kind === "accessor") {
      if (%IsObject(result)) {
        const getter = result.get;
        if (%call(check, void 0, getter, "get")) %CreateDataPropertyOrThrow(record, 2, getter);
        const setter = result.set;
        if (%call(check, void 0, setter, "set")) %CreateDataPropertyOrThrow(record, 3, setter);
        const init = result.init;
        if (%call(check, void 0, init, "init")) %call(%SelfHosted("PrependInitializer"), void 0, initializers, init);
      } else if (result !== void 0) {
        %ThrowTypeError("a decorator of an accessor must return an object or undefined, not %", result);
      }
    } else if (%call(check, void 0, result, kind)) {
      if (kind === "field") %call(%SelfHosted("PrependInitializer"), void 0, initializers, result);
      else %CreateDataPropertyOrThrow(record, 2, result);
    }
  }
}

// https://tc39.es/proposal-decorators/#sec-applydecoratorstoclassdefinition
function ApplyClassDecorators(decorators, constructor, name, extraInitializers) {
  let current = constructor;
  for (let index = decorators.length - 2; index >= 0; index -= 2) {
    const decorator = decorators[index + 1];
    if (!%IsCallable(decorator)) %ThrowTypeError("the decorator % is not a function", decorator);
    const adding = %call(%SelfHosted("CreateAddInitializer"), void 0, extraInitializers);
    const context = { kind: "class", name, addInitializer: adding[0] };
    const result = %call(decorator, decorators[index], current, context);
    %call(adding[1], void 0);
    if (%call(%SelfHosted("CheckDecoratorResult"), void 0, result, "class")) current = result;
  }
  return current;
}

// Applies the initialisers that decorators returned for a field or accessor to its initial value.
function RunInitializers(self, initializers, value) {
  let current = value;
  for (let index = 0; index < initializers.length; index++) current = %call(initializers[index], self, current);
  return current;
}

// Runs the initialisers that decorators have added with addInitializer.
function RunExtraInitializers(self, initializers) {
  for (let index = 0; index < initializers.length; index++) %call(initializers[index], self);
}
