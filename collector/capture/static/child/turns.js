// Who has the page: each session gets a signal that comes when the next one begins.
export class Turns {
  #turn = new AbortController();

  next() {
    this.#turn.abort();
    this.#turn = new AbortController();
    return this.#turn.signal;
  }
}
