// The way in: the session that the token names is opened, or an adult is asked for help.
import { Api, Refused } from "./api.js";
import { furnish } from "./furnish.js";
import { drawMascot } from "./mascot.js";
import { Patience, insist } from "./patience.js";
import { takeToken } from "./token.js";

const find = (selector) => document.querySelector(selector);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function askAdult(sentence = "") {
  document.body.dataset.screen = "trouble";
  find(".art").replaceChildren(drawMascot("puzzled", document));
  find(".fallback").hidden = false;
  find(".note").hidden = !sentence;
  find(".note").textContent = sentence;
}

/** The photos were withdrawn while the page was closed: nothing is left to do, or to fear. */
function thank(sentence) {
  const words = document.createElement("div");
  const heading = document.createElement("h1");
  words.className = "words";
  heading.textContent = sentence;
  words.append(heading);
  document.body.dataset.screen = "goodbye";
  find(".art").replaceChildren(drawMascot("thanking", document));
  find(".screen").replaceChildren(words);
}

async function openSession(api) {
  const patience = new Patience({ wait, changed: () => patience.isTried && askAdult() });
  window.addEventListener("online", () => patience.hurry());
  try {
    return await insist(() => api.session(), patience);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.isErased) thank(error.sentence);
    else askAdult(error.status === 401 ? "" : error.sentence);
    return null;
  }
}

/** Another session's link was opened in this tab: it begins when nothing of this one waits. */
function followLinks(isBusy) {
  window.addEventListener("hashchange", async () => {
    if (!takeToken({ location, history, storage: sessionStorage })) return;
    while (isBusy()) await wait(500);
    location.reload();
  });
}

async function main() {
  let isBusy = () => false;
  followLinks(() => isBusy());
  window.addEventListener("beforeunload", (event) => isBusy() && event.preventDefault());
  const token = takeToken({ location, history, storage: sessionStorage });
  if (!token) return askAdult();
  const base = new URL("api/", document.baseURI);
  const api = new Api({ base, token, fetch: window.fetch.bind(window) });
  const session = await openSession(api);
  if (!session) return undefined;
  find(".note").hidden = true;
  const studio = furnish(session, { api, find, wait });
  isBusy = () => studio.isBusy;
  return studio.start();
}

main();
