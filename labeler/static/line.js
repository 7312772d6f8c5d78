// The line to the server: what is asked is asked again until there is an answer.

const LONGEST_REST = 15_000;

export class Line {
  #sleep;
  #tell;
  #nudge;
  #nudged;
  trouble = null;

  /** `sleep(ms)` is a promise; `tell(trouble)` hears what keeps the line from working, or null. */
  constructor(sleep, tell) {
    this.#sleep = sleep;
    this.#tell = tell;
    this.#renewNudge();
  }

  /** The first answer of `request()` that is not a trouble; rests 1, 2, 4, 8, 15, 15... seconds. */
  async ask(request) {
    for (let tries = 0; ; tries += 1) {
      const answer = await request();
      this.trouble = answer.trouble ?? null;
      this.#tell(this.trouble);
      if (!this.trouble) return answer;
      await Promise.race([this.#sleep(Math.min(1000 * 2 ** tries, LONGEST_REST)), this.#nudged]);
    }
  }

  /** End every rest: the network is back, or somebody lost patience. */
  tryNow() {
    this.#nudge();
    this.#renewNudge();
  }

  #renewNudge() {
    this.#nudged = new Promise((nudge) => {
      this.#nudge = nudge;
    });
  }
}
