// The groups of attacks, and what each attack of a group may take of the host: milliseconds of processor time and bytes
// beyond what the process had when the group began.
import { escapes } from './escapes.mjs';
import { hostAttacks } from './host-attacks.mjs';
import { isolation } from './isolation.mjs';
import { memoryBombs } from './memory-bombs.mjs';
import { timeBombs } from './time-bombs.mjs';

const MIB = 1024 * 1024;

export const groups = {
  escapes: { ...escapes, processor: 400, memory: 96 * MIB },
  'time bombs': { ...timeBombs, processor: 110, memory: 640 * MIB },
  'memory bombs': { ...memoryBombs, processor: 4000, memory: 96 * MIB },
  'host attacks': { ...hostAttacks, processor: 1500, memory: 200 * MIB },
  isolation: { ...isolation, processor: 1500, memory: 200 * MIB },
};
