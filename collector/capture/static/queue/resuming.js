// Where a session goes on when its page is opened again: what the server said of it, what waits on
// this tablet, and where the child was. Nothing that was done is asked for twice.
import { advance, begin, stepOf } from "../child/flow.js";

const HERE_ALONE = new Set(["waiting", "refused"]);
const ENDS = new Set(["goodbye", "declined"]);

/**
 * The session as this tablet knows it. `answer` is the server's, of now or of earlier; `photos` are
 * those that this tablet took, `untold` is what it has not told the server yet; `settled` are the
 * ids of photos that the server had before it answered: none where the answer is an earlier one.
 */
export function overlay(answer, { photos, untold, settled }) {
  const said = (name) => untold.filter((errand) => errand.name === name).map(({ args }) => args[0]);
  const binned = new Set(said("bin"));
  const stored = merge(answer.stored, photos, settled).filter(({ id }) => !binned.has(id));
  const [refusal] = said("answerAssent");
  const state = said("close").at(-1) ?? (refusal ? "declined" : answer.state);
  const afterStop = said("answerAfterStop").at(-1) ?? answer.after_stop;
  return { ...answer, state, after_stop: afterStop, stored };
}

/** The flow to go on with, from what is stored and from the `place` that was written down. */
export function goOn(session, place) {
  const fresh = begin(session);
  const flow = place?.flow;
  // Written by an earlier version of the page.
  if (!flow || Object.keys(fresh).some((name) => !(name in flow))) return fresh;
  if (ENDS.has(fresh.screen)) return flow.screen === fresh.screen ? flow : fresh;
  if (session.state !== "running" || flow.screen === "assent") return fresh;
  const passed = isWhole(flow, place.burst, session.stored) ? advance(flow, "taken") : flow;
  return again(passed);
}

function merge(stored, photos, settled) {
  const whole = new Map(stored.map((photo) => [photo.id, photo]));
  for (const { id, state, details } of photos) {
    const known = whole.get(id);
    // The server had it, and has it no longer: thrown away elsewhere.
    if (!known && settled.has(id)) continue;
    const { prompt: emotion, head_pose, attempt, burst } = details;
    const waits = HERE_ALONE.has(state) ? state : undefined;
    whole.set(id, { emotion, head_pose, attempt, ...known, id, burst, waits });
  }
  return [...whole.values()];
}

/** Whether the burst that was being taken is there in full: only its star is missing. */
function isWhole(flow, burst, stored) {
  if (flow.screen !== "countdown" || !burst) return false;
  return stored.filter((photo) => photo.burst === burst).length >= stepOf(flow).shots;
}

/** The camera is off, and only a tap may switch it on. */
function again(flow) {
  const still = { attempt: 1, again: null, before: null, trouble: null, isCameraOn: false };
  const next = { ...flow, ...still };
  return { ...next, screen: flow.screen !== "review" && stepOf(next) ? "camera" : "review" };
}
