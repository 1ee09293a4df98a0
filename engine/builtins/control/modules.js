// The frame that evaluates a deferred module: it calls the bodies, so they can be set aside. The modules have the state
// of the evaluation (runtime/module_evaluation.c).
function EvaluateDeferred(module) {
  let body = %DeferredBegin(module);
  while (body !== void 0) {
    try {
      %call(body, void 0);
    } catch (error) {
      %DeferredFail(module, error);
    }
    body = %DeferredNext(module);
  }
}
