// How many frames a page shows each second while a guest runs in time slices. Runs in a page.
import { createGuest, growTo } from './pauses.mjs';

/** The frames of each of so many seconds. */
export function countFrames(seconds) {
  return new Promise((resolve) => {
    const counts = new Array(seconds).fill(0);
    let start;
    const frame = (time) => {
      start ??= time;
      const second = Math.floor((time - start) / 1000);
      if (second >= seconds) {
        resolve(counts);
        return;
      }
      counts[second]++;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/**
 * The same while a guest with so much alive makes garbage all the time, in slices of so many milliseconds.
 * @param {any} engine Caisson's
 */
export async function countFramesBesideGuest(engine, { seconds, megabytes, timeSlice }) {
  const context = await createGuest(engine, timeSlice);
  growTo(context, megabytes);
  let isOver = false,
    pieces = 0,
    longestStretch = 0; // in pieces of work, between two turns of the page
  context.onTick(() => {
    pieces++;
    return !isOver;
  });
  const { port1, port2 } = new MessageChannel();
  let last = 0;
  port1.onmessage = () => {
    longestStretch = Math.max(longestStretch, pieces - last);
    last = pieces;
    if (!isOver) port2.postMessage(0);
  };
  port2.postMessage(0);
  context.load('globalThis.run = () => { let i = 0; while (tick()) work(i++); return i; }; 0');
  const program = context.callAsync();
  const frames = await countFrames(seconds);
  isOver = true;
  await program;
  const { collections } = context.stats();
  context.dispose();
  port1.close();
  return { frames, pieces, longestStretch, collections };
}

/**
 * A row as those of measureCase.
 * @param {any} engine Caisson's
 * @param {(row: { name: string, group: string }) => boolean} wanted
 */
export async function measureFrames(engine, wanted) {
  const row = { name: 'a frame in the worst second of ten, 64 MB alive, slices of 5 ms', group: 'pauses' };
  if (!wanted(row)) return [];
  const alone = await countFrames(3);
  const { frames } = await countFramesBesideGuest(engine, { seconds: 10, megabytes: 64, timeSlice: 5 });
  const least = Math.min(...frames);
  return [{ ...row, caisson_ms: 1000 / least, note: `${least} frames; without a guest ${Math.min(...alone)}` }];
}
