// A tablet in a lesson: it is paired by a code, once, and then holds a token of its own.
import { Api, Refused } from "../queue/api.js";
import { Awake } from "../camera/awake.js";
import { Lesson } from "./lessonloop.js";
import { Patience, insist } from "../queue/patience.js";
import { rehearse } from "../child/play.js";
import { Screens, pageParts, speaker } from "../child/screens.js";
import { sit } from "../child/sitting.js";
import { missingVoices } from "../child/speech.js";

const LONGEST_PAUSE = 8000; // the next child is not kept waiting for half a minute
const READING = 8000; // for an adult, of one sentence

/** A secret of 32 bytes in base64url. */
export function newToken(crypto) {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Pairs the tablet by the code, unless it was before; resolves to its record {code, token, task}.
 * The token is made here and written down before the server hears of it: an answer that is lost is
 * asked for again. Rejects with Refused; then an earlier lesson of this tablet stays as it was.
 */
export async function pair(code, { store, makeToken, ask }) {
  const known = await store.note("lesson");
  if (known?.code === code) return known;
  const begun = await store.note("pairing");
  const pairing = begun?.code === code ? begun : { code, token: makeToken() };
  await store.keepNote("pairing", pairing);
  await ask(pairing);
  const record = { ...pairing, task: null };
  await store.keepNote("lesson", record);
  await store.keepNote("pairing", null);
  return record;
}

/** The tablet's part in the lesson whose code it scanned; resolves when the lesson is over. */
export async function joinLesson(code, tools) {
  const { fallback, store, wait } = tools;
  const patience = new Patience({ wait: (time) => wait(Math.min(time, LONGEST_PAUSE)) });
  window.addEventListener("online", () => patience.hurry());
  const base = new URL("api/", document.baseURI);
  // What is said is made anew for each try: after a time without a network it would be an old story.
  const call = (token, method, path, say = () => undefined) => {
    const api = new Api({ base, token, header: "Tablet-Token", fetch: window.fetch.bind(window) });
    return insist(() => api.call(method, path, say()), patience);
  };
  const ask = ({ token }) => call("", "POST", "tablet/pair", () => ({ code, token }));
  const makeToken = () => newToken(crypto);
  let record = await pair(code, { store, makeToken, ask }).catch(async (refusal) => {
    if (!(refusal instanceof Refused)) throw refusal;
    fallback.askAdult(refusal.sentence);
    await wait(READING);
    return store.note("lesson");
  });
  if (!record) return;
  fallback.clear();
  const awake = new Awake({ navigator, document });
  awake.keep();
  const room = new WaitingRoom(tools);
  const lesson = new Lesson({
    ask: () => call(record.token, "GET", "tablet/task"),
    tell: (say) => call(record.token, "POST", "tablet/report", say),
    play: (task) => (task.kind === "sit" ? sit(task.token, tools) : play(task, tools)),
    leave: () => tools.turns.next(),
    rest: (told) => room.show(told),
    waiting: () => countWaiting(tools),
    keep: (task) => store.keepNote("lesson", (record = { ...record, task })),
    wait,
    now: () => performance.now(),
  });
  await lesson.run(record.task);
  await store.keepNote("lesson", null);
  await room.close();
  awake.release();
}

function play(task, tools) {
  tools.fallback.clear();
  tools.status.speak(speaker(task.words));
  return rehearse(task, tools);
}

function countWaiting({ delivery }) {
  return delivery.waiting + delivery.refused;
}

/** The screen between two children. */
class WaitingRoom {
  #tools;
  #told = null;
  #shown = null;

  constructor(tools) {
    this.#tools = tools;
  }

  show(told) {
    this.#told = told;
    this.#put("next_child");
  }

  /** The lesson is over; photos that wait go on being sent. */
  async close() {
    if (!this.#told) return this.#tools.fallback.askAdult();
    do {
      this.#put("lesson_over");
      await this.#tools.wait(LONGEST_PAUSE / 4);
    } while (countWaiting(this.#tools));
    return this.#put("lesson_over");
  }

  #put(word) {
    const { words, number, language } = this.#told;
    const say = speaker(words);
    if (document.body.dataset.screen !== "lesson" || this.#shown?.word !== word) {
      const { fallback, find, status, turns, wait } = this.#tools;
      turns.next(); // the last child's session lets go of the page
      fallback.clear();
      status.speak(say);
      document.documentElement.lang = language;
      const screens = new Screens({ page: pageParts(find, document), say, wait });
      const slots = { title: say(word), tablet: say("tablet", { count: number }) };
      screens.show("lesson", { slots, pose: word === "next_child" ? "waving" : "thanking" });
      this.#shown = { word, screens };
      this.#nameMissingVoice(say);
    }
    const count = countWaiting(this.#tools);
    this.#shown.screens.put("waiting", count ? say("waiting", { count }) : "");
  }

  async #nameMissingVoice(say) {
    const { language, recorded } = this.#told;
    if (recorded || !(await missingVoices([language])).length) return;
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
    this.#shown.screens.put("voices", say("no_voice", { language: name }));
  }
}
