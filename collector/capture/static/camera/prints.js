// A frame in a few numbers: whether it is the one before once more, and whether it is black.

/** Frames are compared at this size: a sensor's noise changes it from one frame to the next. */
export const PRINT = { width: 64, height: 36 };

// An unlit room is brighter than a camera that has not adjusted itself yet, which gives zeros.
const BLACK = 6;

/** Text that two frames share only where their pixels (RGBA) are the same: FNV-1a, two ways. */
export function printOf(pixels) {
  let one = 0x811c9dc5;
  let other = 0x01000193;
  for (let place = 0; place < pixels.length; place += 1) {
    one = Math.imul(one ^ pixels[place], 0x01000193);
    other = Math.imul(other ^ (pixels[place] + place), 0x85ebca6b);
  }
  return `${one >>> 0}-${other >>> 0}`;
}

/** Whether the mean of the brightest channel is next to nothing. */
export function isBlack(pixels) {
  let sum = 0;
  for (let place = 0; place < pixels.length; place += 4) {
    sum += Math.max(pixels[place], pixels[place + 1], pixels[place + 2]);
  }
  return sum / (pixels.length / 4) < BLACK;
}
