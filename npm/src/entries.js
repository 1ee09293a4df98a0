// Entries: how the host enters the guest, one operation and one message at a time, and how an entry ends. Everything
// that enters goes through here, and a limit that stops the guest leaves here as an error.
import { bufferIsDetached, transferBuffer } from './brands.js';
import { now } from './clock.js';
import { textOfUnits } from './encodings.js';
import { Operation, REGISTER_COUNT, RESULT_IN_REGISTER, Status, Step } from './protocol.js';
import {
  DisposedError,
  InterruptedError,
  MemoryLimitError,
  SandboxError,
  TimeLimitError,
  WouldWaitError,
  programTimeError,
  withGuestStack,
} from './errors.js';
import { GuestConsole } from './guest-console.js';
import { Bridge, doesNotFit } from './message-bridge.js';
import { MessageReader } from './message-reader.js';
import { Form, MessageWriter } from './message-writer.js';
import { Registers } from './registers.js';
import { TimeSlices } from './time-slices.js';
import { noteLongDelivery } from './turns.js';

/** The message of these is a list of values, that of the others one value. */
const listOperations =
  (1 << Operation.EVALUATE) |
  (1 << Operation.CALL) |
  (1 << Operation.SET_GLOBAL) |
  (1 << Operation.REFLECT) |
  (1 << Operation.IMPORT);

// Guest calls host calls guest: each level takes from the host's stack, for all sandboxes together. So do the engine's
// native levels: an entry counts from those that are in use around it, in any sandbox.
const MAX_NESTED_ENTRIES = 60;
let nestedEntries = 0;
let nativeLevels = 0;

const CLOCKED_BYTES = 1 << 16;
const SPARE_BYTES = 1 << 20; // the estimate for a value may exceed what it takes in the guest

const LONGEST_STOP = 1024; // units of the text that says where a limit struck (host.h)

export class Entries {
  depth = 0; // nested entries: guest calls host calls guest
  #guest;
  #engine;
  #exports;
  /** @type {import('./types.d.ts').Limits} */
  #limits = { timeLimit: Infinity, hasOwnTimeLimit: true, fuelLimit: Infinity }; // of the entry that runs
  /** @type {import('./types.d.ts').Limits} */
  #pausedLimits = this.#limits; // of the paused entry
  /** @type {number | undefined} */
  #programLimit; // the totalTimeLimit of the program that the entry begins
  #drops = 0; // how often the engine had dropped jobs at the last look
  isStopping = false;
  #bridge;
  #registers;
  /** @type {GuestConsole | undefined} */
  #console; // the host's, for the guest; made when it is first used
  #isSliced; // programs of the guest may be paused

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
    this.#engine = guest.engine;
    this.#exports = guest.exports;
    this.#bridge = new Bridge(guest);
    this.#registers = new Registers(this.#engine, this.#exports.caisson_registers(guest.runtime));
    this.#isSliced = guest.settings.timeSlice !== Infinity;
    /** @type {TimeSlices} */
    this.slices = new TimeSlices(guest.settings.timeSlice, guest.lane, {
      isPaused: () => !this.#engine.isBroken && this.#exports.caisson_is_paused(guest.runtime) === 1,
      continue: () => this.#continue(),
    });
  }

  check() {
    if (this.#guest.isDisposed) throw new DisposedError('the sandbox was disposed');
    if (this.#engine.isBroken) throw this.#engine.failure();
  }

  get memoryUsed() {
    this.check();
    return this.#exports.caisson_used_memory(this.#guest.runtime);
  }

  // Limits ------------------------------------------------------------------------------------------------------------

  /** @param {import('./types.d.ts').Limits} limits */
  setLimits({ timeLimit, hasOwnTimeLimit, fuelLimit }) {
    this.#limits = { timeLimit, hasOwnTimeLimit, fuelLimit };
    /** @param {number} limit */
    const orNone = (limit) => (limit === Infinity ? 0 : limit);
    this.#exports.caisson_set_limits(
      this.#guest.runtime,
      orNone(timeLimit),
      orNone(fuelLimit),
      orNone(this.#guest.settings.totalTimeLimit),
      hasOwnTimeLimit ? 0 : 1,
    );
  }

  /** Stops the running or paused guest. */
  stop() {
    if (this.depth > 0 || this.slices.isPaused) this.isStopping = true;
  }

  /**
   * The error for a limit that has stopped the guest, with the place where it did.
   * @param {number} status
   */
  statusError(status) {
    return withGuestStack(this.#errorOf(status), this.#stopText(status, 0));
  }

  /**
   * The error for the time limit of a program that this entry has ended.
   * @param {number} program
   * @param {number} limit
   */
  programError(program, limit) {
    return withGuestStack(programTimeError(limit), this.#stopText(Status.PROGRAM_TIME_LIMIT, program));
  }

  /**
   * @param {number} status
   * @param {number} program 0: whichever it was
   */
  #stopText(status, program) {
    if (this.#guest.isDisposed || this.#engine.isBroken) return '';
    const address = this.#exports.caisson_stop_text(this.#guest.runtime, status, program);
    const length = this.#exports.caisson_stop_length(this.#guest.runtime) >>> 0;
    // A guest that has taken over the engine may say anything: an error without a place is an error still.
    const isSound = address !== 0 && address % 2 === 0 && length <= LONGEST_STOP;
    return isSound ? textOfUnits(this.#engine.units(address, length)) : '';
  }

  /** @param {number} status */
  #errorOf(status) {
    const { timeLimit, hasOwnTimeLimit, fuelLimit } = this.#limits;
    switch (status) {
      case Status.TIME_LIMIT:
        return new TimeLimitError(
          `the guest ran longer than its time limit (${timeLimit} ms${hasOwnTimeLimit ? '' : ', the default of timeLimit'})`,
        );
      case Status.FUEL_LIMIT:
        return new TimeLimitError(
          fuelLimit !== Infinity
            ? `the guest has used up its fuel limit (${fuelLimit} operations)`
            : `the guest performed more operations than fit into its time limit (${timeLimit} ms), while the host's clock stood still`,
        );
      case Status.TOTAL_TIME_LIMIT:
        return new TimeLimitError(
          `all entries into the guest together have used up their time (totalTimeLimit: ${this.#guest.settings.totalTimeLimit} ms)`,
        );
      case Status.PROGRAM_TIME_LIMIT:
        return programTimeError(this.#programLimit);
      case Status.MEMORY_LIMIT:
        return new MemoryLimitError(
          this.#isInstanceFull
            ? 'the guest ran out of memory: not by its limit, but because its WebAssembly instance is full, or the host has no more'
            : `the guest ran out of memory (limit ${this.#guest.settings.memoryLimit} bytes)`,
        );
      default:
        return new InterruptedError('the guest was interrupted');
    }
  }

  // Whether memory was refused by the system and not by the guest's own limit.
  get #isInstanceFull() {
    return !this.#engine.isBroken && this.#exports.caisson_is_system_full(this.#guest.runtime) === 1;
  }

  /** The engine calls this about every 50,000 operations. */
  nextStep() {
    noteLongDelivery();
    if (this.isStopping || isRaised(this.#guest.settings.interruptFlag)) return Step.STOP;
    return this.slices.isOver ? Step.PAUSE : Step.GO_ON;
  }

  // Entering ----------------------------------------------------------------------------------------------------------

  /**
   * With limits of its own where these are given, if it is the outermost entry.
   * @param {import('./types.d.ts').EntrySettings} settings
   * @param {[operation: number, a: number, b: number, message: any, where?: string]} operation
   * @returns {{ status: number, value: any }}
   */
  enterWithLimits({ timeLimit, fuelLimit, totalTimeLimit }, ...operation) {
    if (totalTimeLimit !== undefined) {
      const time = timeLimit ?? (this.#guest.settings.hasOwnTimeLimit ? undefined : Infinity);
      return this.#beginProgram(totalTimeLimit, { timeLimit: time, fuelLimit }, operation);
    }
    if ((timeLimit === undefined && fuelLimit === undefined) || this.depth > 0) return this.enter(...operation);
    this.check();
    const { settings } = this.#guest;
    // A limit of another kind takes the place of the default, as among the options of the sandbox.
    const isDefault = timeLimit === undefined && !settings.hasOwnTimeLimit && fuelLimit === undefined;
    this.setLimits({
      timeLimit: timeLimit ?? (isDefault || settings.hasOwnTimeLimit ? settings.timeLimit : Infinity),
      hasOwnTimeLimit: !isDefault,
      fuelLimit: fuelLimit ?? settings.fuelLimit,
    });
    try {
      return this.enter(...operation);
    } finally {
      if (!this.#guest.isDisposed && !this.#engine.isBroken) this.setLimits(settings);
    }
  }

  /**
   * `operation` begins with its kind and the number of the program; 0: the work belongs to the surrounding program.
   * @param {number} totalTimeLimit
   * @param {{ timeLimit?: number, fuelLimit?: number }} limits
   * @param {[operation: number, a: number, b: number, message: any, where?: string]} operation
   * @returns {{ status: number, value: any }}
   */
  #beginProgram(totalTimeLimit, limits, operation) {
    const [, program] = operation;
    const outer = this.#programLimit;
    if (program !== 0 && totalTimeLimit !== Infinity) {
      this.check();
      if (this.#exports.caisson_limit_program(this.#guest.runtime, program, totalTimeLimit) === 0)
        throw new MemoryLimitError('the guest has no memory left for another program');
      this.#programLimit = totalTimeLimit;
    }
    try {
      return this.enterWithLimits(limits, ...operation);
    } finally {
      this.#programLimit = outer;
    }
  }

  /**
   * Runs the host's part of a call by the guest, at this depth of native levels.
   * @param {number} number
   * @param {number} receiver
   * @param {number} address
   * @param {number} size
   * @param {number} fiber
   * @param {number} program
   * @param {number} levels
   */
  hostCall(number, receiver, address, size, fiber, program, levels) {
    const outer = nativeLevels;
    nativeLevels = levels;
    try {
      return this.#guest.hostCalls.call(number, receiver, address, size, fiber, program);
    } finally {
      nativeLevels = outer;
    }
  }

  /**
   * Prints for the guest, at this depth of native levels: the host's console may be anything, and call the guest.
   * @param {number} level
   * @param {Uint8Array | Uint16Array} units
   * @param {number} length
   * @param {number} levels
   */
  print(level, units, length, levels) {
    const outer = nativeLevels;
    nativeLevels = levels;
    try {
      const { console, hostLimits } = this.#guest.settings;
      this.#console ??= new GuestConsole(console, hostLimits.prints);
      this.#console.print(level, units, length);
    } finally {
      nativeLevels = outer;
    }
  }

  /**
   * The same with `count` arguments in registers.
   * @param {number} number
   * @param {number} count
   * @param {number} program
   * @param {number} levels
   */
  hostCallWithRegisters(number, count, program, levels) {
    const outer = nativeLevels;
    nativeLevels = levels;
    try {
      return this.#guest.hostCalls.callWithRegisters(number, count, program);
    } finally {
      nativeLevels = outer;
    }
  }

  /**
   * @param {number} operation
   * @param {number} a
   * @param {number} b
   * @param {any} message
   * @param {string} [where]
   */
  enter(operation, a, b, message, where) {
    this.check();
    checkNesting(); // a message that has been sent is read
    const form = (listOperations & (1 << operation)) !== 0 ? Form.LIST : Form.VALUE;
    this.sendMessage(message, where, form, operation === Operation.REFLECT);
    return this.#enterSent(operation, a, b);
  }

  /**
   * The same where the host waits for the answer.
   * @param {number} operation
   * @param {number} a
   * @param {number} b
   * @param {any[]} message
   */
  enterPatiently(operation, a, b, message) {
    this.check();
    checkNesting();
    this.sendMessage(message, undefined, Form.LIST, true);
    return this.#enterSent(operation, a, b, true);
  }

  /**
   * @param {number} operation
   * @param {number} a
   * @param {number} b
   * @param {boolean} [mayPause]
   */
  #enterSent(operation, a, b, mayPause = mayBePaused(operation, b)) {
    return this.#perform(
      () => this.#exports.caisson_enter(this.#guest.runtime, operation, a, b, nativeLevels),
      mayPause,
      (status) =>
        status === RESULT_IN_REGISTER
          ? { status: Status.OK, value: this.#registers.read(0) }
          : { status, value: this.#readResult(status) },
    );
  }

  /**
   * Whether call() may be used: it is the guest's turn, and there are not too many arguments.
   * @param {any[]} args
   */
  mayCall(args) {
    return this.isFree && args.length <= REGISTER_COUNT;
  }

  /**
   * Calls a guest function without a receiver: the arguments go into registers, and those that do not fit into a
   * message beside them. OPTIMIZATION: like callWithMessage, without the steps that are only needed when something
   * happened that the host must learn.
   * @param {number} handle
   * @param {any[]} args
   */
  call(handle, args) {
    const size = this.#registers.write(args) ? 0 : this.#sendArguments(args);
    const count = args.length;
    const guest = this.#guest;
    const engine = this.#engine;
    if (nestedEntries >= MAX_NESTED_ENTRIES || this.#isSliced) return this.#callSliced(handle, count, size);
    const outer = engine.running;
    nestedEntries++;
    this.depth++;
    engine.running = guest;
    let status;
    try {
      status = engine.call(guest.runtime, handle, count, nativeLevels, size);
    } catch (error) {
      throw this.#callFailed(error, outer);
    }
    engine.running = outer;
    nestedEntries--;
    this.depth--;
    if (status === RESULT_IN_REGISTER && !this.isStopping && guest.isQuiet) return this.#registers.read(0);
    return this.#callEnded(status);
  }

  /**
   * The engine has failed.
   * @param {any} error
   * @param {import('./guest.js').Guest | undefined} outer
   */
  #callFailed(error, outer) {
    const failure = this.#engine.fail(error);
    this.#end(outer);
    this.#ended(Status.OK);
    return failure;
  }

  /** @param {number} status */
  #callEnded(status) {
    try {
      if (this.depth === 0) this.isStopping = false;
      return this.#callResult(status);
    } finally {
      this.#ended(status);
    }
  }

  /**
   * @param {number} handle
   * @param {number} count
   * @param {number} size
   */
  #callSliced(handle, count, size) {
    return this.#perform(
      () => this.#exports.caisson_call(this.#guest.runtime, handle, count, nativeLevels, size),
      true,
      (status) => this.#callResult(status),
    );
  }

  /**
   * Returns the size of the message.
   * @param {any[]} args
   */
  #sendArguments(args) {
    checkNesting();
    const size = this.sendMessage(args, undefined, Form.ARGUMENTS, true);
    this.#registers.writeBesideMessage(args); // not earlier: getters may have called the guest
    return size;
  }

  /**
   * Calls a guest function with a message: its receiver and arguments.
   * @param {number} handle
   * @param {any[]} message
   */
  callWithMessage(handle, message) {
    this.check();
    checkNesting();
    this.sendMessage(message, undefined, Form.LIST, true);
    /** @type {number} */
    let status = Status.OK;
    try {
      const outer = this.#begin(true);
      try {
        status = this.#exports.caisson_enter(this.#guest.runtime, Operation.CALL, handle, 0, nativeLevels);
      } finally {
        this.#end(outer);
      }
      return this.#callResult(status);
    } finally {
      this.#ended(status);
    }
  }

  /** @param {number} status */
  #callResult(status) {
    if (this.#guest.isDisposed) this.check();
    if (status === RESULT_IN_REGISTER) return this.#registers.read(0);
    return this.#guest.programs.callResult({ status, value: this.#readResult(status) });
  }

  /** @param {number} number */
  fireTimer(number) {
    this.#perform(
      () => this.#exports.caisson_timer_fired(this.#guest.runtime, number),
      true,
      (status) => {
        if (status !== Status.OK) this.#readResult(status);
      },
    );
  }

  /**
   * Runs the engine and reads the outcome. After the outermost entry the host is told what happened in it.
   * @template T
   * @param {() => number} action
   * @param {boolean} mayPause
   * @param {(status: number) => T} read
   */
  #perform(action, mayPause, read) {
    /** @type {number} */
    let status = Status.OK;
    try {
      status = this.#run(action, mayPause);
      if (this.#guest.isDisposed) this.check();
      return read(status);
    } finally {
      this.#ended(status);
    }
  }

  /** @param {number} status */
  #ended(status) {
    if (this.depth > 0) return;
    if (status > Status.WAITING && status !== RESULT_IN_REGISTER) this.#noteDrops(status);
    this.#guest.entryEnded();
  }

  /**
   * A limit that struck while jobs ran has dropped all queued jobs, so whoever waits might wait for ever.
   * @param {number} status
   */
  #noteDrops(status) {
    if (this.#guest.isDisposed || this.#engine.isBroken) return;
    const drops = this.#exports.caisson_dropped_jobs(this.#guest.runtime);
    if (drops === this.#drops) return;
    this.#drops = drops;
    const error = this.statusError(status);
    this.#guest.programs.rejectWaiting(error);
    this.#guest.promises.rejectPending(error);
  }

  /**
   * @param {() => number} action
   * @param {boolean} mayPause
   */
  #run(action, mayPause) {
    const outer = this.#begin(mayPause);
    try {
      return action();
    } finally {
      this.#end(outer);
    }
  }

  /**
   * Returns the guest that runs around it.
   * @param {boolean} mayPause
   */
  #begin(mayPause) {
    checkNesting();
    nestedEntries++;
    if (this.depth++ === 0) this.slices.begin(mayPause);
    const outer = this.#engine.running;
    this.#engine.running = this.#guest;
    return outer;
  }

  /** @param {import('./guest.js').Guest | undefined} outer */
  #end(outer) {
    this.#engine.running = outer;
    nestedEntries--;
    if (--this.depth > 0) return;
    this.slices.end();
    if (!this.slices.isPaused) this.isStopping = false;
    else this.#pausedLimits = this.#limits;
  }

  #continue() {
    if (this.#engine.isBroken) return this.slices.cancel();
    this.#attempt(() => {
      const limits = this.#limits;
      this.#limits = this.#pausedLimits;
      try {
        this.#perform(
          () => this.#exports.caisson_continue(this.#guest.runtime),
          true,
          (status) => {
            if (status > Status.WAITING) throw this.statusError(status);
          },
        );
      } finally {
        this.#limits = limits;
      }
    });
  }

  // Messages ----------------------------------------------------------------------------------------------------------

  /**
   * Returns its size. Values that are in no register go into the place after the registers, if the message is short.
   * @param {any} value
   * @param {string} [where]
   * @param {number} [form]
   * @param {boolean} [takesTurn] of an entry that waits while a program is paused, which a getter may have started
   */
  sendMessage(value, where, form = Form.VALUE, takesTurn = false) {
    // Getters of host values may enter the guest again and begin another message.
    const writer = this.#engine.writers.pop() ?? new MessageWriter();
    let isSent = false; // once sent, the engine gives back what it does not read
    try {
      writer.begin(this.#bridge);
      writer.write(value, where, form);
      this.check(); // a getter of the host may have disposed of the sandbox
      if (takesTurn && this.isBusy) throw startedProgram();
      const { size } = writer;
      const isShort = form === Form.ARGUMENTS && this.#registers.storeMessage(writer.bytes, writer.words, size);
      if (!isShort) this.#storeInInbox(writer);
      isSent = !isShort; // a short message counts as sent only with the call
      if (writer.hasConsequences) this.#sent(writer);
      writer.end();
      this.#engine.writers.push(writer);
      return size;
    } catch (error) {
      // A writer that failed is not used again: if the host's stack was full, it may have stopped anywhere.
      if (!isSent) this.#forgetUnsent(writer);
      this.#dropBlocks(writer);
      throw error;
    }
  }

  /** @param {MessageWriter} writer */
  #storeInInbox({ bytes, words, size }) {
    const address = this.#exports.caisson_inbox(this.#guest.runtime, size);
    if (address === 0) throw doesNotFit(this.#guest, size);
    this.#engine.store(address, bytes, words, size);
  }

  /** @param {MessageWriter} writer */
  #sent({ blocks, transferred, omitted }) {
    for (const buffer of transferred) detach(buffer);
    for (const block of blocks) this.#exports.caisson_send_block(this.#guest.runtime, block);
    for (const what of omitted) this.#guest.events.omitted(what);
  }

  /**
   * Its contents will not arrive.
   * @param {MessageWriter} writer
   */
  #forgetUnsent(writer) {
    for (const number of writer.numbers) this.#guest.things.release(number, 1);
    for (const number of writer.promises) this.#guest.hostPromises.notSent(number);
  }

  /** @param {MessageWriter} writer whose message will not be read */
  #dropBlocks(writer) {
    if (this.#guest.isDisposed || this.#engine.isBroken) return;
    for (const block of writer.blocks) this.#exports.caisson_drop_block(this.#guest.runtime, block);
  }

  /**
   * Drops a message that nobody wants to read.
   * @param {Uint8Array} bytes
   */
  drop(bytes) {
    new MessageReader(this.#bridge, bytes).drop();
  }

  /**
   * The arguments of a call of the host: in a message, or in registers.
   * @param {number} address
   * @param {number} size
   */
  readArguments(address, size) {
    return address === 0 ? this.#registers.readAll(size) : this.read(this.#engine.bytes(address, size));
  }

  /** @param {number} index */
  readArgument(index) {
    return this.#registers.read(index);
  }

  /**
   * Writes the answer to a register; false: it needs a message.
   * @param {any} value
   */
  answerInRegister(value) {
    return this.#registers.writeOne(value, 0);
  }

  /** The instance has failed: nothing here may keep its memory. */
  forgetMemory() {
    this.#registers.forget();
  }

  /** @param {Uint8Array} bytes */
  read(bytes) {
    const { memoryLimit } = this.#guest.settings;
    // Reading may take as long as the guest may run; for small messages a look at the clock is not worth it.
    const deadline = bytes.length > CLOCKED_BYTES ? now() + this.#limits.timeLimit : Infinity;
    return new MessageReader(this.#bridge, bytes, { maxBytes: memoryLimit + SPARE_BYTES, deadline }).read();
  }

  /** @param {number} status */
  #readResult(status) {
    if (status > Status.WAITING) throw this.statusError(status);
    const size = this.#exports.caisson_outbox_size(this.#guest.runtime);
    const value = this.read(this.#engine.bytes(this.#exports.caisson_outbox(this.#guest.runtime), size));
    if (status === Status.EXCEPTION) throw value;
    return value;
  }

  // Turns -------------------------------------------------------------------------------------------------------------

  /** Whether the guest can be entered at once. */
  get isFree() {
    return !this.#guest.isDisposed && !this.#engine.isBroken && (this.depth > 0 || !this.slices.isBusy);
  }

  // Entries from outside wait while the guest is paused; entries inside the guest's own calls do not.
  get isBusy() {
    return this.depth === 0 && this.slices.isBusy;
  }

  /**
   * An entry of the host, performed in its turn.
   * @template T
   * @param {() => T} enter
   * @param {AbortSignal} [signal]
   */
  whenFree(enter, signal) {
    return this.slices.whenFree(enter, signal);
  }

  /**
   * Work that enters the guest without a request of the host (timers, settled promises), performed in its turn.
   * @param {() => any} action
   */
  later(action) {
    this.#guest.lane.deliver(() => this.#attempt(action));
  }

  /**
   * A call that the host's promises make. When it must wait for its turn, it returns a promise; `reject` gets errors.
   * @template T
   * @param {() => T} action
   * @param {unknown} reject
   * @returns {T | Promise<T>}
   */
  inTurn(action, reject) {
    const { lane } = this.#guest;
    if (this.depth > 0 || lane.isDelivering) return action();
    if (lane.mayEnter) return lane.charge(action);
    const result = new Promise((resolve, fail) => {
      lane.deliver(() => resolve(new Promise((done) => done(action()))), fail);
    });
    result.then(undefined, typeof reject === 'function' ? /** @type {any} */ (reject) : () => {});
    return result;
  }

  /**
   * An answer of the host, delivered in its turn: a value (kind 0 or above 1), or the error that says why there is none
   * (kind 1). `before` is called just before the delivery.
   * @param {number} operation
   * @param {number} number
   * @param {number} kind
   * @param {any} value
   * @param {() => void} [before]
   */
  answer(operation, number, kind, value, before) {
    if (this.#guest.isDisposed) return;
    this.later(() => {
      before?.();
      this.check();
      const isSent = this.sendOrExplain(value);
      this.#enterSent(operation, number, isSent ? kind : 1);
    });
  }

  /**
   * Settles a promise of the host, in its turn.
   * @param {import('./types.d.ts').HostPromise} entry
   * @param {boolean} isRejection
   * @param {any} value
   */
  settle(entry, isRejection, value) {
    if (this.#guest.isDisposed) return;
    const { lane } = this.#guest;
    if (!lane.mayEnter) return lane.deliverLater(() => this.#attempt(() => this.#settle(entry, isRejection, value)));
    // OPTIMIZATION: like later(), without closures.
    lane.begin();
    try {
      if (!this.#engine.isBroken) this.#settle(entry, isRejection, value);
    } catch (error) {
      this.#failed(error);
    } finally {
      lane.end();
    }
    this.#guest.idleness.check();
  }

  /**
   * @param {import('./types.d.ts').HostPromise} entry
   * @param {boolean} isRejection
   * @param {any} value
   */
  #settle(entry, isRejection, value) {
    this.#guest.hostPromises.forget(entry);
    this.check();
    if (!this.#registers.writeOne(value, 0)) {
      const isSent = this.sendOrExplain(value);
      this.#enterSent(Operation.SETTLE, entry.number, isRejection || !isSent ? 1 : 0);
      return;
    }
    /** @type {number} */
    let status = Status.OK;
    try {
      const outer = this.#begin(true);
      try {
        status = this.#exports.caisson_settle(this.#guest.runtime, entry.number, isRejection ? 1 : 0, nativeLevels);
      } finally {
        this.#end(outer);
      }
      if (this.#guest.isDisposed) this.check();
      if (status !== RESULT_IN_REGISTER) this.#readResult(status);
    } finally {
      this.#ended(status);
    }
  }

  /**
   * Ends all work that a program has started; other programs go on.
   * @param {number} program
   */
  abortProgram(program) {
    if (this.#guest.isDisposed || this.#engine.isBroken) return;
    this.#exports.caisson_abort_program(this.#guest.runtime, program);
    this.#guest.idleness.check();
  }

  /**
   * Sends the value or, when it cannot cross, an error that can. Returns whether it was the value; throws when neither
   * can be sent.
   * @param {any} value
   */
  sendOrExplain(value) {
    let problem;
    for (let i = 0; ; i++) {
      try {
        this.sendMessage(
          i === 0
            ? value
            : i === 1
              ? problem
              : i === 2
                ? new Error('a value of the host cannot be passed to the guest')
                : null,
        );
        return i === 0;
      } catch (error) {
        if (this.#guest.isDisposed || i === 3) throw error;
        problem = error;
      }
    }
  }

  /**
   * A limit that stops the guest here has no caller to be thrown to.
   * @param {() => any} action
   */
  #attempt(action) {
    if (this.#guest.isDisposed || this.#engine.isBroken) return;
    try {
      action();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#guest.idleness.check();
    }
  }

  /** @param {any} error */
  #failed(error) {
    if (this.#guest.isDisposed) return;
    // A limit has dropped the guest's queue: programs that still wait would wait for ever.
    if (!(error instanceof SandboxError) || !this.#guest.programs.rejectWaiting(error))
      this.#guest.events.uncaught(error);
  }
}

/**
 * What is wanted at once is not paused.
 * @param {number} operation
 * @param {number} b
 */
function mayBePaused(operation, b) {
  return (
    operation !== Operation.SET_GLOBAL &&
    operation !== Operation.REFLECT &&
    !(operation === Operation.EVALUATE && b % 2 === 1)
  );
}

function checkNesting() {
  if (nestedEntries >= MAX_NESTED_ENTRIES) throw new RangeError('calls between host and guest are nested too deeply');
}

/**
 * The buffer's bytes have been copied; now the host loses them.
 * @param {ArrayBuffer} buffer
 */
function detach(buffer) {
  if (bufferIsDetached(buffer)) return;
  let cause;
  try {
    if (transferBuffer !== undefined) transferBuffer(buffer, 0);
    else structuredClone(buffer, { transfer: [buffer] });
  } catch (error) {
    cause = error;
  }
  if (!bufferIsDetached(buffer))
    throw new TypeError('the buffer of a WebAssembly memory cannot be transferred; pass a copy', { cause });
}

/**
 * An array whose buffer is gone reveals nothing any more: the guest is stopped.
 * @param {Int32Array | undefined} flag
 */
function isRaised(flag) {
  return flag !== undefined && (flag.length === 0 || Atomics.load(flag, 0) !== 0);
}

function startedProgram() {
  return new WouldWaitError(
    'a getter or proxy among the values for the guest started a program of the guest, which is paused (timeSlice); read such values before the call',
  );
}
