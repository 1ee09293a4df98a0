// sandbox.stats(): what the engine has counted, with names.
import { Statistic } from './protocol.js';

/**
 * @param {import('./guest.js').Guest} guest
 * @returns {import('../index.js').SandboxStats}
 */
export function statisticsOf(guest) {
  guest.entries.check();
  const { engine, exports, runtime, settings } = guest;
  const address = exports.caisson_statistics(runtime);
  const { buffer, byteOffset, byteLength } = engine.bytes(address, 8 * Object.keys(Statistic).length);
  const counted = new Float64Array(buffer, byteOffset, byteLength / 8);
  const used = counted[Statistic.MEMORY_USED];
  const kinds = {
    objects: counted[Statistic.MEMORY_OBJECTS],
    strings: counted[Statistic.MEMORY_STRINGS],
    buffers: counted[Statistic.MEMORY_BUFFERS],
    code: counted[Statistic.MEMORY_CODE],
    shapes: counted[Statistic.MEMORY_SHAPES],
  };
  const known = Object.values(kinds).reduce((sum, bytes) => sum + bytes, 0);
  return {
    memory: { used, peak: counted[Statistic.MEMORY_PEAK], limit: settings.memoryLimit, ...kinds, other: used - known },
    objects: counted[Statistic.OBJECTS],
    collections: counted[Statistic.COLLECTIONS],
    time: counted[Statistic.TIME],
    operations: counted[Statistic.OPERATIONS],
    jobs: counted[Statistic.JOBS],
    guestCalls: counted[Statistic.GUEST_CALLS],
    hostCalls: counted[Statistic.HOST_CALLS],
    timers: { pending: counted[Statistic.TIMERS_PENDING], fired: counted[Statistic.TIMERS_FIRED] },
  };
}
