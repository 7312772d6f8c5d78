// The countdown and the shots, by a clock that is handed in; an aborted one leaves nothing behind.

/** Shows 3, 2, 1, a second each, then nothing. */
export async function countDown({ seconds, show, wait, signal }) {
  for (let left = seconds; left > 0 && !signal.aborted; left -= 1) {
    show(left, seconds);
    await wait(1000);
  }
  if (!signal.aborted) show(0, seconds);
}

/**
 * Takes `shots` frames, `interval` milliseconds apart, shows how many, and hands each to `keep`.
 * A frame's encoding never delays the next; whatever is not done when the signal comes is dropped.
 * `grab` resolves to {takenAt, jpeg}, jpeg a promise of its bytes.
 */
export async function shoot({ shots, interval, grab, show, keep, wait, now, signal }) {
  const start = now();
  const kept = [];
  for (let shot = 0; shot < shots; shot += 1) {
    await wait(Math.max(0, start + shot * interval - now()));
    if (signal.aborted) return;
    const { takenAt, jpeg } = await grab();
    if (signal.aborted) return;
    show(shot + 1);
    kept.push(jpeg.then((bytes) => signal.aborted || keep({ shot, takenAt, bytes })));
  }
  await Promise.all(kept);
}
