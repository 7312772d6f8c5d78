// Reads each screen aloud, its buttons once; a child that wants to hear all of it taps the ear.
import { Speech, phrasesOf } from "./speech.js";

const NOT_FOR_CHILDREN = "[hidden], [role=status], [data-adult], dialog:not([open])";

/** A session's reader on this page; `fetchSound` gets a recording's blob. */
export function readerFor(session, { screens, find, say, fetchSound }) {
  const speech = new Speech({
    synthesis: globalThis.speechSynthesis,
    Utterance: globalThis.SpeechSynthesisUtterance,
    audio: find("audio"),
    language: session.language,
    recordings: session.voices,
    fetchSound,
  });
  const reader = new Reader({ speech, screens, ear: find(".ear"), session, say });
  reader.prepare();
  return reader;
}

export class Reader {
  #speech;
  #screens;
  #ear;
  #session;
  #say;
  #heard = new Set();
  #isLacking = false;

  /** `ear` is the button for hearing it again; `say` gives a word's text. */
  constructor({ speech, screens, ear, session, say }) {
    this.#speech = speech;
    this.#screens = screens;
    this.#ear = ear;
    this.#session = session;
    this.#say = say;
  }

  /** Looks which voices there are: without any there is no ear, and the adult is told. */
  async prepare() {
    const [canSpeak, isLacking] = await Promise.all([
      this.#speech.canSpeak(),
      this.#speech.lacks(phrasesOf(this.#session)),
    ]);
    this.#ear.hidden = !canSpeak;
    this.#isLacking = isLacking;
    this.#nameMissing();
  }

  /** Says what stands under `root`; `isWhole`: with all buttons, also those that were read before. */
  tell = ({ root, isWhole = false } = {}) => {
    this.#nameMissing();
    const { words, buttons } = textsOf(root ? [root] : this.#screens.parts);
    const fresh = isWhole ? buttons : buttons.filter((text) => !this.#heard.has(text));
    for (const text of fresh) this.#heard.add(text);
    return this.#speech.say([...words, ...fresh]);
  };

  /** Says one sentence that is not the screen's own, in place of whatever is being read. */
  mention(sentence) {
    return this.#speech.say([sentence]);
  }

  /** In a tap: iOS lets a page speak only after one. */
  wake() {
    this.#speech.wake();
  }

  close() {
    this.#speech.close();
    this.#ear.hidden = true;
  }

  #nameMissing() {
    if (!this.#isLacking) return;
    const { language } = this.#session;
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
    this.#screens.put("voices", this.#say("no_voice", { language: name }));
  }
}

/** What is read: headings and paragraphs, then buttons, each text once. */
export function textsOf(roots) {
  const of = (selector) => [
    ...new Set(
      roots
        .flatMap((root) => [...root.querySelectorAll(selector)])
        .filter((one) => !one.closest(NOT_FOR_CHILDREN))
        .map((one) => one.textContent.trim())
        .filter(Boolean),
    ),
  ];
  return { words: of("h1, h2, p"), buttons: of("button:not([data-act=listen])") };
}
