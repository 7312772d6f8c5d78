// The way in: what stands behind the address's # says what this tablet is to do.
import { Api } from "./queue/api.js";
import { newId } from "./queue/bytes.js";
import { Delivery } from "./queue/delivery.js";
import { Fallback } from "./child/fallback.js";
import { joinLesson } from "./lesson/lesson.js";
import { openOffline } from "./queue/offline.js";
import { Patience } from "./queue/patience.js";
import { rehearseLink } from "./child/play.js";
import { offerRescue } from "./queue/rescue.js";
import { speaker } from "./child/screens.js";
import { Shelf, openDisk } from "./queue/shelf.js";
import { sit } from "./child/sitting.js";
import { Status } from "./queue/status.js";
import { openStore } from "./queue/store.js";
import { takeToken } from "./token.js";
import { Turns } from "./child/turns.js";

const find = (selector) => document.querySelector(selector);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What outlives single sessions: the store, the delivery, and what the adult is told. */
async function openPage() {
  const changed = () => status.show();
  const patience = new Patience({ wait, changed });
  const base = new URL("api/", document.baseURI);
  const apiOf = (token) => new Api({ base, token, fetch: window.fetch.bind(window) });
  const store = await openStore({
    shelf: new Shelf(() => openDisk(window.indexedDB, wait)),
    crypto,
    newId: () => newId(crypto),
    now: () => Date.now(),
  });
  const delivery = new Delivery({ store, apiOf, patience, newId: () => newId(crypto) });
  const [offline, note, rescue] = [".offline", ".note", ".rescue"].map(find);
  const parts = { offline, note, rescue };
  const status = new Status({ body: document.body, parts, delivery, store });
  await delivery.begin(changed);
  window.addEventListener("online", () => patience.hurry());
  window.addEventListener("beforeunload", (event) => store.isUnsafe && event.preventDefault());
  navigator.storage?.persist?.().catch(() => {}); // else a browser may clear what waits
  return { fallback: new Fallback(find), turns: new Turns(), find, wait, store, delivery, patience, status };
}

/** Another link was opened in this tab: what waits of this one is sent all the same. */
function followLinks() {
  window.addEventListener("hashchange", () => {
    if (takeToken({ location, history, storage: sessionStorage })) location.reload();
  });
}

/** From the address, from before a reload, or from before the tablet was switched off. */
async function findWay(store) {
  const way = takeToken({ location, history, storage: sessionStorage });
  if (!way) return store.note("way");
  await store.keepNote("way", way);
  return way;
}

function enter(way, tools) {
  if (!way) return tools.fallback.askAdult();
  if (way.startsWith("pair.")) return joinLesson(way.slice("pair.".length), tools);
  if (way.startsWith("play.")) return rehearseLink(way.slice("play.".length), tools);
  return sit(way, tools);
}

async function main() {
  followLinks();
  openOffline(navigator);
  const tools = await openPage();
  const { delivery, status, store } = tools;
  const last = delivery.posts.findLast(({ record }) => record.answer);
  if (last) status.speak(speaker(last.record.answer.words));
  offerRescue({ find, tools, crypto });
  await enter(await findWay(store), tools);
}

main();
