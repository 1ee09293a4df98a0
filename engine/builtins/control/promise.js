// The Promise combinators and what else of Promise calls back. https://tc39.es/ecma262/#sec-promise-objects

// https://tc39.es/ecma262/#sec-promise-executor
function PromiseConstruct(executor, promise, resolve, reject) {
  try {
    %call(executor, void 0, resolve, reject);
  } catch (error) {
    %call(reject, void 0, error);
  }
  return promise;
}

// https://tc39.es/ecma262/#sec-newpromiseresolvethenablejob
function PromiseResolveThenable(then, thenable, resolve, reject) {
  try {
    %call(then, thenable, resolve, reject);
  } catch (error) {
    %call(reject, void 0, error);
  }
}

// https://tc39.es/ecma262/#sec-promise.prototype.catch
function PromisePrototype_catch(onRejected) {
  return this.then(void 0, onRejected);
}

// https://tc39.es/ecma262/#sec-promise.prototype.finally
function PromisePrototype_finally(onFinally) {
  if (!%IsObject(this)) %ThrowTypeError("Promise.prototype.finally called on %", this);
  const constructor = %SpeciesConstructor(this, %Promise);
  if (!%IsCallable(onFinally)) return this.then(onFinally, onFinally);
  return this.then(
    (value) => %PromiseResolve(constructor, %call(onFinally, void 0)).then(() => value),
    (reason) => %PromiseResolve(constructor, %call(onFinally, void 0)).then(() => {
      throw reason;
    }),
  );
}

// https://tc39.es/ecma262/#sec-getpromiseresolve
function GetPromiseResolve(constructor) {
  const resolve = constructor.resolve;
  if (!%IsCallable(resolve)) %ThrowTypeError("the promise constructor's 'resolve' must be a function, not %", resolve);
  return resolve;
}

// https://tc39.es/ecma262/#sec-promise.all
function Promise_all(iterable) {
  const capability = %NewPromiseCapability(this);
  const resolve = capability[1];
  const reject = capability[2];
  try {
    const promiseResolve = %call(%SelfHosted("GetPromiseResolve"), void 0, this);
    const values = [];
    let remaining = 1;
    let count = 0;
    for (const item of iterable) {
      const index = count++;
      let called = false;
      %ListAppend(values, void 0);
      const promise = %call(promiseResolve, this, item);
      remaining++;
      promise.then((value) => {
        if (called) return;
        called = true;
        values[index] = value;
        if (--remaining === 0) return %call(resolve, void 0, values);
      }, reject);
    }
    if (--remaining === 0) %call(resolve, void 0, values);
  } catch (error) {
    %call(reject, void 0, error);
  }
  return capability[0];
}

// https://tc39.es/ecma262/#sec-promise.allsettled
function Promise_allSettled(iterable) {
  const capability = %NewPromiseCapability(this);
  const resolve = capability[1];
  try {
    const promiseResolve = %call(%SelfHosted("GetPromiseResolve"), void 0, this);
    const values = [];
    let remaining = 1;
    let count = 0;
    for (const item of iterable) {
      const index = count++;
      let called = false;
      %ListAppend(values, void 0);
      const promise = %call(promiseResolve, this, item);
      remaining++;
      promise.then((value) => {
        if (called) return;
        called = true;
        values[index] = { status: "fulfilled", value: value };
        if (--remaining === 0) return %call(resolve, void 0, values);
      }, (reason) => {
        if (called) return;
        called = true;
        values[index] = { status: "rejected", reason: reason };
        if (--remaining === 0) return %call(resolve, void 0, values);
      });
    }
    if (--remaining === 0) %call(resolve, void 0, values);
  } catch (error) {
    %call(capability[2], void 0, error);
  }
  return capability[0];
}

// https://tc39.es/ecma262/#sec-promise.any
function Promise_any(iterable) {
  const capability = %NewPromiseCapability(this);
  const resolve = capability[1];
  const reject = capability[2];
  try {
    const promiseResolve = %call(%SelfHosted("GetPromiseResolve"), void 0, this);
    const errors = %ListCreate();
    let remaining = 1;
    let count = 0;
    for (const item of iterable) {
      const index = count++;
      let called = false;
      %ListAppend(errors, void 0);
      const promise = %call(promiseResolve, this, item);
      remaining++;
      promise.then(resolve, (reason) => {
        if (called) return;
        called = true;
        errors[index] = reason;
        if (--remaining === 0) return %call(reject, void 0, %CreateAggregateError(errors));
      });
    }
    if (--remaining === 0) throw %CreateAggregateError(errors);
  } catch (error) {
    %call(reject, void 0, error);
  }
  return capability[0];
}

// https://tc39.es/ecma262/#sec-promise.race
function Promise_race(iterable) {
  const capability = %NewPromiseCapability(this);
  const resolve = capability[1];
  const reject = capability[2];
  try {
    const promiseResolve = %call(%SelfHosted("GetPromiseResolve"), void 0, this);
    for (const item of iterable) %call(promiseResolve, this, item).then(resolve, reject);
  } catch (error) {
    %call(reject, void 0, error);
  }
  return capability[0];
}

// https://tc39.es/ecma262/#sec-promise.try
function Promise_try(callback, ...rest) {
  if (!%IsObject(this)) %ThrowTypeError("Promise.try called on %", this);
  const capability = %NewPromiseCapability(this);
  let result;
  try {
    if (rest.length === 0) result = %call(callback, void 0);
    else if (rest.length === 1) result = %call(callback, void 0, rest[0]);
    else if (rest.length === 2) result = %call(callback, void 0, rest[0], rest[1]);
    else result = %call(callback, void 0, ...rest);
  } catch (error) {
    %call(capability[2], void 0, error);
    return capability[0];
  }
  %call(capability[1], void 0, result);
  return capability[0];
}

// https://tc39.es/proposal-await-dictionary/#sec-performpromiseallkeyed
function PromiseCombineKeyed(constructor, promises, isSettled) {
  const capability = %NewPromiseCapability(constructor);
  const resolve = capability[1];
  const reject = capability[2];
  try {
    const promiseResolve = %call(%SelfHosted("GetPromiseResolve"), void 0, constructor);
    if (!%IsObject(promises)) %ThrowTypeError("expected an object of promises, not %", promises);
    const keys = [];
    const values = [];
    let remaining = 1;
    const finish = () => {
      const result = { __proto__: null };
      for (let index = 0; index < keys.length; index++) %CreateDataPropertyOrThrow(result, keys[index], values[index]);
      return %call(resolve, void 0, result);
    };
    const all = %OwnKeys(promises);
    for (let position = 0; position < all.length; position++) {
      const key = all[position];
      if (!%IsOwnEnumerable(promises, key)) continue;
      const item = promises[key];
      const index = keys.length;
      let called = false;
      const settle = (value) => {
        if (called) return;
        called = true;
        values[index] = value;
        if (--remaining === 0) return finish();
      };
      %ListAppend(keys, key);
      %ListAppend(values, void 0);
      const promise = %call(promiseResolve, constructor, item);
      remaining++;
      if (isSettled) {
        promise.then((value) => settle({ status: "fulfilled", value: value }), (reason) => settle({ status: "rejected", reason: reason }));
      } else {
        promise.then((value) => settle(value), reject);
      }
    }
    if (--remaining === 0) finish();
  } catch (error) {
    %call(reject, void 0, error);
  }
  return capability[0];
}

// https://tc39.es/proposal-await-dictionary/#sec-promise.allkeyed
function Promise_allKeyed(promises) {
  return %call(%SelfHosted("PromiseCombineKeyed"), void 0, this, promises, false);
}

// https://tc39.es/proposal-await-dictionary/#sec-promise.allsettledkeyed
function Promise_allSettledKeyed(promises) {
  return %call(%SelfHosted("PromiseCombineKeyed"), void 0, this, promises, true);
}
