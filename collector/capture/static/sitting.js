// One session of one child on this page: from its token to the moment when the server knows its end.
import { Api, Refused } from "./api.js";
import { furnish } from "./furnish.js";
import { Patience, insist } from "./patience.js";

/**
 * Opens the session and starts it; resolves to its studio, or to null where the server refuses
 * (`fallback` has said so). `studio.ended` resolves when nothing of the session is left to tell.
 */
export async function sit(token, { fallback, find, wait }) {
  const base = new URL("api/", document.baseURI);
  const api = new Api({ base, token, fetch: window.fetch.bind(window) });
  const session = await openSession(api, { fallback, wait });
  if (!session) return null;
  fallback.clear();
  const studio = furnish(session, { api, find, wait });
  studio.start();
  return studio;
}

async function openSession(api, { fallback, wait }) {
  const patience = new Patience({ wait, changed: () => patience.isTried && fallback.askAdult() });
  window.addEventListener("online", () => patience.hurry());
  try {
    return await insist(() => api.session(), patience);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.isErased) fallback.thank(error.sentence);
    else fallback.askAdult(error.status === 401 ? "" : error.sentence);
    return null;
  }
}
