// What a tablet can find out about its way to the server. Touches no page: tested with `node --test`.

export const TRIES = 6;
const SLOW = 500; // milliseconds: a photo's answer then takes longer than a child's patience
const PATIENCE = 5000;

// Resolves to the milliseconds that one empty answer takes, or to null.
export async function ask(address, fetch = globalThis.fetch, patience = PATIENCE) {
  const begun = performance.now();
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(patience) });
    return answer.ok ? performance.now() - begun : null;
  } catch {
    return null;
  }
}

// Several round trips, one after the other, judged together.
export async function measureWay(address, fetch = globalThis.fetch, tries = TRIES) {
  const times = [];
  for (let count = 0; count < tries; count += 1) times.push(await ask(address, fetch));
  return { ...judgeWay(times), all: tries };
}

export function judgeWay(times) {
  const answered = times.filter((time) => time !== null).sort((a, b) => a - b);
  const lost = times.length - answered.length;
  if (!answered.length) return { verdict: "silent", lost, middle: null };
  const middle = Math.round(answered[Math.floor(answered.length / 2)]);
  return { verdict: lost || middle > SLOW ? "slow" : "good", lost, middle };
}

// A service worker is the one thing that a browser refuses after a tapped-away warning.
export async function judgeTrust(secure, workers, script) {
  if (!secure) return "plain";
  try {
    const registered = await workers.register(script);
    await registered.unregister();
    return "secure";
  } catch {
    return "waved";
  }
}

export async function judgeCamera(devices) {
  if (!devices?.getUserMedia) return "no-api";
  try {
    const found = await devices.enumerateDevices();
    return found.some((device) => device.kind === "videoinput") ? "camera" : "no-camera";
  } catch {
    return "no-camera";
  }
}
