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
 * Takes `shots` frames, `interval` milliseconds apart, shows how many, and hands each to `keep`
 * when the last is encoded: of a burst that broke off nothing is kept, for it is taken again.
 * A frame's encoding never delays the next.
 * `grab` resolves to {jpeg, ...} with jpeg a promise of its bytes; `keep` gets {shot, bytes, ...}.
 */
export async function shoot({ shots, interval, grab, show, keep, wait, now, signal }) {
  const start = now();
  const taken = [];
  for (let shot = 0; shot < shots; shot += 1) {
    await wait(Math.max(0, start + shot * interval - now()));
    if (signal.aborted) return;
    const { jpeg, ...about } = await grab();
    if (signal.aborted) return;
    show(shot + 1);
    taken.push(jpeg.then((bytes) => ({ shot, ...about, bytes })));
    taken.at(-1).catch(() => {}); // heard of below, unless another trouble comes first
  }
  const whole = await Promise.all(taken);
  if (!signal.aborted) await Promise.all(whole.map(keep));
}
