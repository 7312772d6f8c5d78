// What stands on the page while no session is open: a request to the adult, or a thank-you.
import { drawMascot } from "./mascot.js";

export class Fallback {
  #find;
  #request;

  constructor(find) {
    this.#find = find;
    this.#request = find(".fallback"); // which leaves the page with the first screen
  }

  /** The adult is asked for a link; `sentence` says what is wrong with this one. */
  askAdult(sentence = "") {
    document.body.dataset.screen = "trouble";
    this.#draw("puzzled");
    this.#request.hidden = false;
    this.#find(".screen").replaceChildren(this.#request);
    this.#find(".note").hidden = !sentence;
    this.#find(".note").textContent = sentence;
  }

  /** The photos were withdrawn while the page was closed: nothing is left to do, or to fear. */
  thank(sentence) {
    const words = document.createElement("div");
    const heading = document.createElement("h1");
    words.className = "words";
    heading.textContent = sentence;
    words.append(heading);
    document.body.dataset.screen = "goodbye";
    this.#draw("thanking");
    this.#find(".screen").replaceChildren(words);
  }

  clear() {
    this.#find(".note").hidden = true;
  }

  #draw(pose) {
    this.#find(".art").replaceChildren(drawMascot(pose, document));
  }
}
