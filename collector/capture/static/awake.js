// Keeping the screen on while a child is in front of it, where the browser can.
export class Awake {
  #navigator;
  #lock = null;
  #isWanted = false;

  constructor({ navigator, document }) {
    this.#navigator = navigator;
    // The lock is lost whenever the page is hidden.
    document.addEventListener("visibilitychange", () => {
      if (this.#isWanted && document.visibilityState === "visible") this.keep();
    });
  }

  async keep() {
    this.#isWanted = true;
    // Refused on low battery: the session goes on all the same.
    this.#lock = (await this.#navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (!this.#isWanted) this.release();
  }

  release() {
    this.#isWanted = false;
    this.#lock?.release();
    this.#lock = null;
  }
}
