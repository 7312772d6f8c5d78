// Votes on their way: in the order they were cast, each kept until the server has answered.

export class Outbox {
  #send;
  #refused;
  #last = Promise.resolve();
  size = 0;

  /** `send(vote)` resolves with the answer; `refused(sentence)` hears of votes that cannot be. */
  constructor(send, refused) {
    this.#send = send;
    this.#refused = refused;
  }

  /** Send the vote after those before it; resolves with the server's answer. */
  add(vote) {
    this.size += 1;
    this.#last = this.#last.then(() => this.#deliver(vote));
    return this.#last;
  }

  /** Resolves when nothing waits any more. */
  async empty() {
    while (this.size > 0) await this.#last;
  }

  async #deliver(vote) {
    const answer = await this.#send(vote);
    this.size -= 1;
    if (answer.refused !== undefined) this.#refused(answer.refused);
    return answer;
  }
}
