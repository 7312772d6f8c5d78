// Asking three times a second how the child sits and in what light; never about its expression.
// It advises and holds nobody up: what is not answered in time is not known.

const EVERY = 333;
// After a refusal or without a network: the photos' own way is tried elsewhere.
const PAUSE = 3000;
// Advice that nobody has confirmed for so long says nothing about the picture of now.
const STALE = 2000;
/** The longest side in pixels, and the quality, of what is sent. */
const SIDE = 240;
const QUALITY = 0.6;

/** A child that cannot sit otherwise is photographed all the same, after so many milliseconds. */
export const LONGEST_DELAY = 4000;
/** Without any answer nobody waits even that long. */
export const LONGEST_SILENCE = 1200;

const NOTHING = { advice: null, arrow: null };

export class Guide {
  #sketch;
  #ask;
  #show;
  #speak;
  #clock;
  #run = null;
  #loop = Promise.resolve();
  #last = NOTHING; // the newest answer
  #stands = NOTHING; // what two answers in a row said
  #heardAt = -Infinity;
  #spoken = new Set();
  #heard = () => {};

  /**
   * `sketch(side, quality)` gives a small JPEG or null; `ask(bytes, pose)` resolves to the server's
   * {advice, arrow}; `show({advice, arrow})` puts it on the screen, advice null where there is none;
   * `speak(advice)` says it aloud, and may be absent; `clock` has wait and now.
   */
  constructor({ sketch, ask, show, speak = () => {}, clock }) {
    this.#sketch = sketch;
    this.#ask = ask;
    this.#show = show;
    this.#speak = speak;
    this.#clock = clock;
  }

  /** The advice that stands now; null when all is well, or nothing is known. */
  get advice() {
    const isFresh = this.#clock.now() - this.#heardAt < STALE;
    return isFresh && this.#stands.advice !== "fine" ? this.#stands.advice : null;
  }

  /** Begins to advise a child whose head is asked to look that way, until `stop`. */
  start(pose = "frontal") {
    this.stop();
    const run = (this.#run = new AbortController());
    // One frame at a time is on its way, also where a run before this one waits for its answer.
    this.#loop = this.#loop.then(() => this.#advise(pose, run.signal));
  }

  stop() {
    this.#run?.abort();
    this.#run = null;
    this.#forget();
  }

  /** Resolves when all is well, or when the child has had time enough to put it right. */
  async settle(signal) {
    const begun = this.#clock.now();
    while (this.#run && !signal.aborted && !this.#isSettled(this.#clock.now() - begun)) {
      const heard = new Promise((resolve) => (this.#heard = resolve));
      await Promise.race([heard, this.#clock.wait(EVERY)]);
    }
  }

  #isSettled(waited) {
    if (this.#last.advice === "fine" || waited >= LONGEST_DELAY) return true;
    return this.#last.advice === null && waited >= LONGEST_SILENCE;
  }

  async #advise(pose, signal) {
    while (!signal.aborted) {
      const begun = this.#clock.now();
      const answer = await this.#look(pose);
      if (signal.aborted) return;
      this.#hear(answer ?? NOTHING);
      const pause = answer ? EVERY - (this.#clock.now() - begun) : PAUSE;
      await this.#clock.wait(Math.max(0, pause));
    }
  }

  /** The answer; null where none came. */
  async #look(pose) {
    try {
      const bytes = await this.#sketch(SIDE, QUALITY);
      return bytes ? await this.#ask(bytes, pose) : NOTHING;
    } catch {
      return null;
    }
  }

  #hear(answer) {
    // A single frame may be blurred: advice changes when two agree.
    if (isSame(answer, this.#last)) this.#adopt(answer);
    this.#last = answer;
    this.#heardAt = this.#clock.now();
    this.#heard();
  }

  #adopt(answer) {
    if (isSame(answer, this.#stands)) return;
    this.#stands = answer;
    this.#show(answer);
    const { advice } = answer;
    if (!advice || advice === "fine" || this.#spoken.has(advice)) return;
    this.#spoken.add(advice);
    this.#speak(advice);
  }

  #forget() {
    this.#last = this.#stands = NOTHING;
    this.#heardAt = -Infinity;
    this.#show(NOTHING);
  }
}

function isSame(one, other) {
  return one.advice === other.advice && one.arrow === other.arrow;
}
