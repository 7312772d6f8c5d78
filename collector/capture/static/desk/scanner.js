// Looks for a card: one picture after the other goes to the server until one of them shows it.

const PAUSE = 700; // milliseconds between an answer and the next picture

export class Scanner {
  #grab;
  #ask;
  #told;
  #wait;

  /**
   * `grab` resolves to a picture's bytes; `ask` sends them and resolves to {page}, or to {sentence}
   * where the server refuses; `told` hears "looking", "unreachable" or a sentence after each.
   */
  constructor({ grab, ask, told, wait = pause }) {
    this.#grab = grab;
    this.#ask = ask;
    this.#told = told;
    this.#wait = wait;
  }

  /** Resolves to the child's page; rejects where there is no picture. */
  async run() {
    for (;;) {
      const answer = await this.#look();
      if (answer.page) return answer.page;
      this.#told(answer.sentence ? "refused" : answer.word, answer.sentence);
      await this.#wait(PAUSE);
    }
  }

  async #look() {
    const picture = await this.#grab();
    try {
      return { word: "looking", ...(await this.#ask(picture)) };
    } catch {
      return { word: "unreachable" };
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
