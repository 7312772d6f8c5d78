// Keeping the screen on while a child is in front of it, where the browser can.

// A browser that takes the lock away at once is not asked in a circle.
const PAUSE = 1000;

export class Awake {
  #navigator;
  #document;
  #wait;
  #lock = null;
  #isWanted = false;
  #isAsking = false;

  /** `signal` ends the listening when the session is over. */
  constructor({ navigator, document, signal, wait }) {
    this.#navigator = navigator;
    this.#document = document;
    this.#wait = wait ?? ((time) => new Promise((resolve) => setTimeout(resolve, time)));
    // The lock is lost whenever the page is hidden.
    document.addEventListener("visibilitychange", () => this.#isWanted && this.#ask(), { signal });
    signal?.addEventListener("abort", () => this.release());
  }

  async keep() {
    this.#isWanted = true;
    await this.#ask();
  }

  release() {
    this.#isWanted = false;
    this.#lock?.release();
    this.#lock = null;
  }

  get #isHeld() {
    return Boolean(this.#lock) && !this.#lock.released;
  }

  async #ask() {
    if (this.#isHeld || this.#isAsking || this.#document.visibilityState !== "visible") return;
    this.#isAsking = true;
    // Refused on low battery: the session goes on all the same.
    const lock = (await this.#navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    this.#isAsking = false;
    this.#lock = lock;
    if (!this.#isWanted) return this.release();
    lock?.addEventListener("release", () => this.#lose(lock));
  }

  async #lose(lock) {
    if (this.#lock !== lock) return;
    this.#lock = null;
    await this.#wait(PAUSE);
    if (this.#isWanted) await this.#ask();
  }
}
