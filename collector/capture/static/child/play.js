// A rehearsal: the same screens and the same certificate, and not a frame is taken, sent or stored.
// There is no session behind it, so nothing of it could go anywhere.
import { Awake } from "../camera/awake.js";
import { Ledger } from "./ledger.js";
import { readerFor } from "./reader.js";
import { Ring } from "../camera/ring.js";
import { Screens, pageParts, speaker, today } from "./screens.js";
import { Studio, grabNothing } from "./studio.js";
import { Views } from "./views.js";

// What a session tells its server is told nobody; the child's answer alone has a consequence.
const NOTHING_TOLD = {
  open: 0,
  settled: Promise.resolve(),
  run: async (errand, answer) =>
    errand === "answerAssent" ? { state: answer === "yes" ? "running" : "declined" } : {},
};
const NOTHING_SENT = { waiting: [], add: () => {}, drop: () => [] };

/** The camera's picture as a mirror, which nobody takes a frame of; without a camera there is none. */
class Mirror {
  #devices;
  #video;
  #tracks = [];
  #isWanted = false;
  grabNew = grabNothing;

  constructor(devices, video) {
    this.#devices = devices;
    this.#video = video;
  }

  async open() {
    this.#isWanted = true;
    const wanted = { audio: false, video: { facingMode: "user" } };
    const stream = await this.#devices?.getUserMedia?.(wanted).catch(() => null);
    if (!stream) return;
    this.#tracks = stream.getTracks();
    if (!this.#isWanted) return this.close(); // stopped while the browser asked
    this.#video.srcObject = stream;
    await this.#video.play().catch(() => {});
  }

  close() {
    this.#isWanted = false;
    for (const track of this.#tracks.splice(0)) track.stop();
    this.#video.srcObject = null;
  }
}

/**
 * Plays a protocol: `plan` and `words` as a session has them, `voices` where phrases are recorded.
 * Returns at once; `ended` resolves when the child is through. `turns` says when another session
 * takes the page.
 */
export function rehearse(rehearsal, { find, wait, turns, fetch = window.fetch.bind(window) }) {
  const { plan, language, voices = {} } = rehearsal;
  const words = { ...rehearsal.words, assent: rehearsal.words.assent_play };
  const session = { plan, words, language, voices, state: "ready", after_stop: null, stored: [] };
  const signal = turns?.next() ?? new AbortController().signal;
  document.documentElement.lang = language;
  document.title = words.hello;
  const camera = new Mirror(navigator.mediaDevices, find(".ring video"));
  const { studio, reader } = furnish(session, { camera, find, wait, fetch, signal });
  const tap = ({ target }) => {
    reader.wake();
    const button = target.closest("button[data-act]");
    if (button) studio.act(button.dataset.act, button.value);
  };
  document.body.addEventListener("click", tap, { signal });
  signal.addEventListener("abort", () => {
    studio.leave();
    camera.close();
    reader.close();
  });
  studio.start();
  return { ended: studio.ended };
}

function furnish(session, { camera, find, wait, fetch, signal }) {
  const say = speaker(session.words);
  const page = pageParts(find, document);
  const screens = new Screens({ page, say, wait });
  const ledger = new Ledger({ stored: [] });
  const views = new Views({ screens, say, ledger, today: today(session.language) });
  const fetchSound = (path) => soundFrom(new URL(`api/${path}`, document.baseURI), fetch);
  const reader = readerFor(session, { screens, find, say, fetchSound });
  const studio = new Studio(session, {
    ...{ camera, ledger, views, screens, errands: NOTHING_TOLD, uploads: NOTHING_SENT },
    awake: new Awake({ navigator, document, signal }),
    ring: new Ring(page.ring),
    clock: { wait, now: () => performance.now() },
    newId: () => "",
    reviewing: () => {},
    complain: () => {},
    tell: reader.tell,
  });
  return { studio, reader };
}

async function soundFrom(url, fetch) {
  const answer = await fetch(url, { credentials: "omit" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.blob();
}

/** Plays what an operator's link names, `PROTOCOL_ID.LANGUAGE`; null where there is no such one. */
export async function rehearseLink(link, tools) {
  const { fallback, fetch = window.fetch.bind(window) } = tools;
  const [protocol, language = ""] = link.split(".");
  const url = new URL(`api/play/${encodeURIComponent(protocol)}`, document.baseURI);
  url.searchParams.set("language", language);
  const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
  if (!answer?.ok) {
    fallback.askAdult();
    return null;
  }
  fallback.clear();
  return rehearse(await answer.json(), { ...tools, fetch });
}
