// The way in: what stands behind the address's # says what this tablet is to do.
import { Fallback } from "./fallback.js";
import { sit } from "./sitting.js";
import { takeToken } from "./token.js";

const find = (selector) => document.querySelector(selector);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const fallback = new Fallback(find);

/** Another link was opened in this tab: it begins when nothing of this one waits. */
function followLinks(isBusy) {
  window.addEventListener("hashchange", async () => {
    if (!takeToken({ location, history, storage: sessionStorage })) return;
    while (isBusy()) await wait(500);
    location.reload();
  });
}

async function main() {
  let studio = null;
  followLinks(() => studio?.isBusy);
  window.addEventListener("beforeunload", (event) => studio?.isBusy && event.preventDefault());
  const token = takeToken({ location, history, storage: sessionStorage });
  if (!token) return fallback.askAdult();
  studio = await sit(token, { fallback, find, wait });
  return studio;
}

main();
