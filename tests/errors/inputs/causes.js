class MyError extends TypeError {
  constructor(message, options) {
    super(message, options);
    this.name = 'MyError';
  }
}
function fail() {
  throw new MyError('uncaught', { cause: new AggregateError([new Error('first'), 'second'], 'many') });
}
fail();
