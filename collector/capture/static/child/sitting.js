// One session of one child on this page: from its token to the moment when the server knows its end.
import { Refused } from "../queue/api.js";
import { furnish } from "./furnish.js";
import { insist } from "../queue/patience.js";
import { goOn, overlay } from "../queue/resuming.js";
import { speaker } from "./screens.js";

// How long a server may take to answer before the page goes on with what it knows.
const SHORT = 8000;
const STEP = 50;

/**
 * Opens the session and starts it; resolves to its studio, or to null where the server refuses
 * (`fallback` has said so). `studio.ended` resolves when the child's part is over and the server
 * knows it; photos may still wait, and are sent while the next child plays. `tools` are the page's.
 */
export async function sit(token, tools) {
  const { fallback, find, wait, delivery, patience, status, turns } = tools;
  const joined = delivery.join(token);
  const opened = await openSession(joined, tools);
  if (!opened) return null;
  const { answer, settled } = opened;
  await joined.keep(answer);
  const post = await delivery.unite(joined);
  delivery.enter(post);
  fallback.clear();
  const { photos, untold, record } = post;
  const known = overlay(answer, { photos, untold, settled });
  const session = { ...known, flow: goOn(known, record.place), spent: record.place?.spent };
  status.speak(speaker(session.words));
  const signal = turns.next();
  const studio = furnish(session, { post, patience, status, find, wait, signal });
  studio.ended.then(() => post.end());
  studio.start();
  return studio;
}

/** What the server says of the session, or said when it was asked last; null where it refuses. */
async function openSession(post, tools) {
  try {
    return post.record.answer ? await askOnce(post, tools) : await askUntilHeard(post, tools);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.isErased) await post.erase();
    if (error.isErased) tools.fallback.thank(error.sentence);
    else tools.fallback.askAdult(error.status === 401 ? "" : error.sentence);
    return null;
  }
}

async function askOnce(post, tools) {
  const isTold = await tellFirst(post, tools);
  const kept = { answer: post.record.answer, settled: new Set() };
  if (!isTold) return kept;
  // Those that arrive while the server answers are not in its answer, and there all the same.
  const settled = new Set(post.saved);
  const asked = post.api.session().catch((error) => {
    if (error instanceof Refused) throw error;
    return null;
  });
  const answer = await Promise.race([asked, tools.wait(SHORT)]);
  return answer ? { answer, settled } : kept;
}

/** What an earlier page had to tell comes first, or the answer would be of before it. */
async function tellFirst(post, { patience, wait }) {
  for (let waited = 0; post.open && !patience.isTried && waited < SHORT; waited += STEP) {
    await wait(STEP);
  }
  return !post.open;
}

async function askUntilHeard(post, { fallback, patience }) {
  const ask = () =>
    post.api.session().catch((error) => {
      if (!(error instanceof Refused)) fallback.askAdult();
      throw error;
    });
  return { answer: await insist(ask, patience), settled: new Set() };
}
