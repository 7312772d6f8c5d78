// The wiring of one session: every part is made here and handed what it needs.
import { Awake } from "../camera/awake.js";
import { newId, sha256 } from "../queue/bytes.js";
import { Camera } from "../camera/camera.js";
import { Guide } from "../camera/guide.js";
import { Ledger } from "./ledger.js";
import { insist } from "../queue/patience.js";
import { readerFor } from "./reader.js";
import { Review } from "./review.js";
import { Ring } from "../camera/ring.js";
import { Screens, pageParts, speaker, today } from "./screens.js";
import { Studio } from "./studio.js";
import { helpFor } from "../camera/system.js";
import { Views } from "./views.js";

/**
 * The studio for a session, wired to the page; `find` gives an element of it, `post` brings what the
 * session has to bring, `signal` comes when another session takes the page.
 */
export function furnish(session, { post, patience, status, find, wait, signal }) {
  const { api } = post;
  const say = speaker(session.words);
  const { body } = document;
  const page = pageParts(find, document);
  document.documentElement.lang = session.language;
  document.title = say("hello");

  const screens = new Screens({ page, say, wait });
  const ledger = new Ledger({ stored: session.stored, changed });
  const help = (trouble) => helpFor(trouble, navigator);
  const views = new Views({ screens, say, ledger, today: today(session.language), help });
  const fetchSound = (path) => api.voice(path);
  const reader = readerFor(session, { screens, find, say, fetchSound });
  const camera = new Camera({
    devices: navigator.mediaDevices,
    video: find(".ring video"),
    canvas: document.createElement("canvas"),
    lost: (word) => studio.loseCamera(word),
  });
  const ring = new Ring(page.ring);
  const clock = { wait, now: () => performance.now() };
  const sentenceOf = (advice) => say(`guide_${advice}`);
  const guide = new Guide({
    sketch: (side, quality) => camera.preview(side, quality),
    ask: (frame, pose) => api.guide(frame, pose),
    show: ({ advice, arrow }) => ring.advise(advice, arrow, sentenceOf(advice)),
    speak: (advice) => reader.mention(sentenceOf(advice)),
    clock,
  });
  let review = null;
  const studio = new Studio(session, {
    ...{ api, camera, ledger, views, screens, reviewing },
    ...{ uploads: post, errands: post, mark: (place) => post.mark(place) },
    ...{ ring, guide, clock },
    awake: new Awake({ navigator, document, signal }),
    newId: () => newId(crypto),
    sha256: (bytes) => sha256(bytes, crypto),
    complain: (sentence) => status.complain(sentence),
    tell: reader.tell,
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
      if (refusal.isErased) post.erase();
    });
  }

  function changed() {
    const { counts } = ledger;
    status.count(counts);
    views.count();
    for (const id of ledger.ids("saved")) review?.add(id);
  }

  function reviewing(isOpen) {
    review?.close();
    review = isOpen && screens.find(".photos") ? new Review(reviewTools()) : null;
    changed();
  }

  function forgetIfErased(refusal) {
    if (refusal.isErased) post.erase();
    throw refusal;
  }

  function reviewTools() {
    return {
      grid: screens.find(".photos"),
      dialog: screens.find("dialog"),
      fetch: (id) => insist(() => api.thumbnail(id), patience).catch(forgetIfErased),
      bin: (id) => studio.throwAway(id),
      nap: (parent) => {
        screens.nap(parent);
        reader.tell({ root: parent });
      },
      label: (count) => say("photo", { count }),
    };
  }

  const tap = ({ target }) => {
    reader.wake();
    const button = target.closest("button[data-act]");
    if (button) studio.act(button.dataset.act, button.value);
  };
  body.addEventListener("click", tap, { signal });
  signal.addEventListener("abort", () => {
    post.listen({});
    studio.leave();
    review?.close();
    guide.stop();
    camera.close();
    reader.close();
  });
  post.listen({ told, wiped: () => studio.erase() });
  return studio;
}
