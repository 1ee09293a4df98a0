// The numbers of the boundary: engine/host/caisson.h (CaissonStatus, CaissonInterrupt), engine/host/wasm.c (Operation),
// engine/host/host.h (HostCallStatus, HOST_EVENT_*).
export const Status = { OK: 0, EXCEPTION: 1, WAITING: 2, TIME_LIMIT: 3, INTERRUPTED: 4, MEMORY_LIMIT: 5 };
export const Operation = { EVALUATE: 0, CALL: 1, SET_GLOBAL: 2, SETTLE: 3, RESUME: 4, IMPORT: 5, PROVIDE: 6 };
export const Step = { GO_ON: 0, STOP: 1, PAUSE: 2 };
export const HostCall = { RETURNED: 0, THREW: 1, WAITS: 2, FAILED: 3 };
export const Event = { UNHANDLED_REJECTION: 0, UNCAUGHT_ERROR: 1, REJECTION_HANDLED: 2 };
export const FUNCTION_BLOCKING = 1;
