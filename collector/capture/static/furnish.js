// The wiring of one session: every part is made here and handed what it needs.
import { Awake } from "./awake.js";
import { newId, sha256 } from "./bytes.js";
import { Camera } from "./camera.js";
import { Ledger } from "./ledger.js";
import { Errands, Patience, insist } from "./patience.js";
import { Review } from "./review.js";
import { Ring } from "./ring.js";
import { Screens, speaker } from "./screens.js";
import { Status } from "./status.js";
import { Studio } from "./studio.js";
import { Uploads } from "./uploads.js";
import { Views } from "./views.js";

/** The studio for a session, wired to the page; `find` gives an element of it. */
export function furnish(session, { api, find, wait }) {
  const say = speaker(session.words);
  const { body } = document;
  const page = { body, art: find(".art"), ring: find(".ring"), screen: find(".screen") };
  Object.assign(page, { stop: find(".stop"), templates: find("#templates") });
  document.documentElement.lang = session.language;
  document.title = say("hello");

  const screens = new Screens({ page, say, wait });
  const status = new Status({ body, offline: find(".offline"), note: find(".note"), say });
  const ledger = new Ledger({ stored: session.stored.map((photo) => photo.id), changed });
  const views = new Views({ screens, say, ledger });
  const patience = new Patience({ wait, changed });
  const errands = new Errands({ patience, changed });
  const uploads = new Uploads({ send: (photo) => api.send(photo), patience, told });
  const camera = new Camera({
    devices: navigator.mediaDevices,
    video: find(".ring video"),
    canvas: document.createElement("canvas"),
    lost: (word) => studio.loseCamera(word),
  });
  let review = null;
  const studio = new Studio(session, {
    ...{ api, camera, errands, uploads, ledger, views, screens, reviewing },
    awake: new Awake({ navigator, document }),
    ring: new Ring(page.ring),
    clock: { wait, now: () => performance.now() },
    newId: () => newId(crypto),
    sha256: (bytes) => sha256(bytes, crypto),
    complain: (sentence) => status.complain(sentence),
  });

  function told(outcome, photo) {
    if (outcome?.kind === "erased") return forget(photo.id);
    if (outcome?.kind === "refused") {
      status.complain(say("refused", { sentence: outcome.sentence }));
    }
    return ledger.note(photo.id, outcome?.kind ?? "waiting");
  }

  /** One photo was erased, or all of them were: the session knows. */
  async function forget(id) {
    ledger.note(id, "thrown");
    await insist(() => api.session(), patience).catch((refusal) => {
      if (refusal.isErased) studio.erase();
    });
  }

  function changed() {
    const { counts } = ledger;
    status.count(counts, patience.isTried && (counts.waiting > 0 || errands.open > 0));
    views.count();
    for (const id of ledger.ids("saved")) review?.add(id);
  }

  function reviewing(isOpen) {
    review?.close();
    review = isOpen && screens.find(".photos") ? new Review(reviewTools()) : null;
    changed();
  }

  function forgetIfErased(refusal) {
    if (refusal.isErased) studio.erase();
    throw refusal;
  }

  function reviewTools() {
    return {
      grid: screens.find(".photos"),
      dialog: screens.find("dialog"),
      fetch: (id) => insist(() => api.thumbnail(id), patience).catch(forgetIfErased),
      bin: (id) => studio.throwAway(id),
      nap: (parent) => screens.nap(parent),
      label: (count) => say("photo", { count }),
    };
  }

  body.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-act]");
    if (button) studio.act(button.dataset.act, button.value);
  });
  window.addEventListener("online", () => patience.hurry());
  return studio;
}
