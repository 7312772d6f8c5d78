// Trying again until it works: a school's Wi-Fi comes back, and nothing may be lost until then.
import { Refused } from "./api.js";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/** How long to wait before the next try: 1, 2, 4 seconds and so on, at most 30, shared by all. */
export class Patience {
  #wait;
  #changed;
  #failures = 0;
  #rest = null;
  #wake = () => {};

  constructor({ wait, changed = () => {} }) {
    this.#wait = wait;
    this.#changed = changed;
  }

  /** Whether the last try failed. */
  get isTried() {
    return this.#failures > 0;
  }

  /** Resolves when it is time for the next try. */
  rest() {
    this.#rest ??= this.#pause();
    return this.#rest;
  }

  /** A try succeeded. */
  relax() {
    if (!this.isTried) return;
    this.#failures = 0;
    this.#changed();
  }

  /** The network is back: try now. */
  hurry() {
    this.#wake();
  }

  async #pause() {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#failures += 1;
    this.#changed();
    const woken = new Promise((resolve) => (this.#wake = resolve));
    await Promise.race([this.#wait(pause), woken]);
    this.#rest = null;
  }
}

/** The task's answer, however often it must be tried; rejects only where the server refuses. */
export async function insist(task, patience) {
  for (;;) {
    try {
      const answer = await task();
      patience.relax();
      return answer;
    } catch (error) {
      if (error instanceof Refused) {
        patience.relax();
        throw error;
      }
      await patience.rest();
    }
  }
}
