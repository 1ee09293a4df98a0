// The errors of the package itself. What the guest throws arrives as the host's own error classes (TypeError and so
// on), with the guest's stack; classes the host does not know arrive as GuestError with their name.

/** Base class of everything that stops a sandbox. */
export class SandboxError extends Error {
  /**
   * @param {string} [message]
   * @param {ErrorOptions} [options]
   */
  constructor(message, options) {
    super(message, options);
    this.name = names.get(new.target) ?? new.target.name;
  }
}

/** The guest ran longer than `timeLimit`. The sandbox stays usable. */
export class TimeLimitError extends SandboxError {}

/** Memory ran out and the guest could not recover. The sandbox stays usable. */
export class MemoryLimitError extends SandboxError {}

/** The guest was stopped from outside (an AbortSignal, `interrupt()`). The sandbox stays usable. */
export class InterruptedError extends SandboxError {}

/** The sandbox was disposed while something was pending, or is used after that. */
export class DisposedError extends SandboxError {}

/** The WebAssembly instance of the sandbox has failed, and the sandbox with it; `cause` says how. Others go on. */
export class EngineError extends SandboxError {}

/** `evalSync` (or another synchronous entry) ran a program that has to wait. */
export class WouldWaitError extends SandboxError {}

/** caisson.wasm could not be loaded: from where, why, and what helps. The next call tries again. */
export class LoadError extends SandboxError {}

/** The worker of a sandbox has failed; `cause` says how. The next call starts another one, without the state. */
export class WorkerError extends SandboxError {}

/** A pool of sandboxes has as many waiting tasks as it may. */
export class QueueFullError extends SandboxError {}

/** The engine sent an invalid message: a defect of the engine, or a guest that took over its memory. */
export class MalformedMessageError extends SandboxError {}

/** By name. */
export const packageErrors = {
  SandboxError,
  TimeLimitError,
  MemoryLimitError,
  InterruptedError,
  DisposedError,
  EngineError,
  WouldWaitError,
  LoadError,
  WorkerError,
  QueueFullError,
  MalformedMessageError,
};

// Minifiers rename classes, but no properties.
/** @type {Map<Function, string>} */
const names = new Map(Object.entries(packageErrors).map(([name, type]) => [type, name]));

/** An error of a class that only the guest knows; `name` is the name of the class. */
export class GuestError extends Error {
  /**
   * @param {string | undefined} message
   * @param {string} name
   */
  constructor(message, name) {
    super(message);
    this.name = name;
  }
}

/**
 * A short description of a value for error messages. Throws nothing, whatever the value is.
 * @param {unknown} value
 */
export function describe(value) {
  try {
    return description(value);
  } catch {
    return typeof value === 'function' ? 'a function' : 'an object'; // its getters or traps threw
  }
}

/** @param {unknown} value */
function description(value) {
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `'${value.slice(0, 40)}...'` : `'${value}'`;
    case 'symbol':
      return String(value);
    case 'function':
      return typeof value.name === 'string' && value.name !== '' ? `function ${value.name.slice(0, 40)}` : 'a function';
    case 'bigint':
      return value > -(10n ** 40n) && value < 10n ** 40n ? `${value}n` : 'a long BigInt';
    case 'object':
      if (value === null) return 'null';
      return withArticle(classNameOf(value));
    default:
      return String(value);
  }
}

const LONGEST_KEY = 100;

/**
 * A key as part of a path in a message. It is shortened: a guest can make keys of any length, and many such messages.
 * @param {string | symbol} key
 */
export function keyText(key) {
  const text = String(key);
  return text.length > LONGEST_KEY ? `${text.slice(0, LONGEST_KEY)}...` : text;
}

/**
 * Of whatever object: its class may be no class at all.
 * @param {object} object
 */
function classNameOf(object) {
  try {
    const name = object.constructor?.name;
    return typeof name === 'string' && name !== '' ? name.slice(0, 100) : 'object';
  } catch {
    return 'object';
  }
}

/** @param {string} name */
function withArticle(name) {
  return `${/^[AEIOUaeiou]/.test(name) && !/^(Ui|UR)/.test(name) ? 'an' : 'a'} ${name}`;
}

/**
 * Says where a limit struck: `frames` is a text with a line per frame of the guest. In `stack` they come before the
 * frames of the host.
 * @template {SandboxError} T
 * @param {T} error
 * @param {string} frames
 */
export function withGuestStack(error, frames) {
  const { name, message, stack } = error;
  Object.defineProperty(error, 'guestStack', { value: frames.slice(1), writable: true, configurable: true });
  if (frames === '') return error;
  const host = typeof stack === 'string' ? stack : '';
  const end = host.indexOf(message) + message.length; // not all hosts begin with the message
  const rest = host.includes(message) ? host.slice(end) : host && `\n${host}`;
  const value = `${name}: ${message}${frames}${rest}`;
  return Object.defineProperty(error, 'stack', { value, writable: true, configurable: true });
}

const programTimeErrors = new WeakSet();

/**
 * The error of a program that has run for as long as it may.
 * @param {number | undefined} limit
 */
export function programTimeError(limit) {
  const error = new TimeLimitError(
    `the program and what it started have used up their time (totalTimeLimit: ${limit} ms)`,
  );
  programTimeErrors.add(error);
  return error;
}

/** @param {any} error */
export function isProgramTimeError(error) {
  return programTimeErrors.has(error);
}
