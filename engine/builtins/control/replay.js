// The frames that make a call for C code whose step was abandoned, and keep its record (runtime/replay.h), which is in
// the first two parameters, and what was being joined below (`joins`, see runtime/replay.h). The step is run again with
// what they return or throw.

// The interpreter puts the callee's frame above this one, and the answer into the last parameter.
function ReplayAnswer(log, count, joins, answer) {
  return answer;
}

function ReplayCall(log, count, joins, callee, receiver, list) {
  const answer = %call(%FunctionPrototype_apply, callee, receiver, list);
  return answer;
}

function ReplayConstruct(log, count, joins, callee, newTarget, list) {
  const answer = %call(%Reflect_construct, void 0, callee, list, newTarget);
  return answer;
}

// The frames in which natives, bound functions and proxies run that C code calls where no frame is: so they can be set
// aside.
function PerformCall(callee, receiver, list) {
  return %call(%FunctionPrototype_apply, callee, receiver, list);
}

function PerformConstruct(constructor, newTarget, list) {
  return %call(%Reflect_construct, void 0, constructor, list, newTarget);
}
