// The photos on their way to the server: several at a time, none lost, each called saved only when
// the server names the hash of the bytes that were sent.
import { Refused } from "./api.js";

export class Uploads {
  #send;
  #patience;
  #atOnce;
  #told;
  #queue = [];
  #sending = new Map();
  #isResting = false;

  /**
   * `send` resolves to the server's receipt, rejects with Refused where it never will; `told` hears
   * of each photo: null when it begins to wait, then saved, refused (with the sentence) or erased.
   */
  constructor({ send, patience, told = () => {}, atOnce = 3 }) {
    this.#send = send;
    this.#patience = patience;
    this.#told = told;
    this.#atOnce = atOnce;
  }

  /** The ids of those not yet known to be saved. */
  get waiting() {
    return [...this.#sending.keys(), ...this.#queue.map((photo) => photo.id)];
  }

  add(photo) {
    this.#queue.push(photo);
    this.#told(null, photo);
    this.#go();
  }

  /** Forget all that wait; returns their ids, for some may be at the server already. */
  drop() {
    const ids = this.waiting;
    this.#queue = [];
    this.#sending.clear();
    return ids;
  }

  #go() {
    while (!this.#isResting && this.#queue.length && this.#sending.size < this.#atOnce) {
      this.#deliver(this.#queue.shift());
    }
  }

  async #deliver(photo) {
    this.#sending.set(photo.id, photo);
    const outcome = await this.#try(photo);
    if (!this.#sending.delete(photo.id)) return; // dropped while it was on its way
    if (outcome.kind === "later") {
      this.#queue.push(photo);
      await this.#rest();
    } else {
      this.#patience.relax();
      this.#told(outcome, photo);
    }
    this.#go();
  }

  async #try(photo) {
    try {
      const receipt = await this.#send(photo);
      return { kind: receipt.sha256 === photo.sha256 ? "saved" : "later" };
    } catch (error) {
      if (!(error instanceof Refused)) return { kind: "later" };
      return error.isErased ? { kind: "erased" } : { kind: "refused", sentence: error.sentence };
    }
  }

  async #rest() {
    this.#isResting = true;
    await this.#patience.rest();
    this.#isResting = false;
  }
}
