// What of errors calls back.

// A frame of this function on the stack says that Error.prepareStackTrace runs.
// https://v8.dev/docs/stack-trace-api#customizing-stack-traces
function PrepareStackTrace(prepare, constructor, error, sites) {
  const stack = %call(prepare, constructor, error, sites);
  return stack;
}
