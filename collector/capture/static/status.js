// What the adult beside the child may want to know: numbers, a lost connection, a refusal.
export class Status {
  #body;
  #offline;
  #note;
  #say;

  constructor({ body, offline, note, say }) {
    this.#body = body;
    this.#offline = offline;
    this.#note = note;
    this.#say = say;
    note.addEventListener("click", () => this.complain("")); // read and understood
  }

  count({ taken, saved, waiting }, isOffline) {
    Object.assign(this.#body.dataset, { taken, saved, waiting });
    const sentences = [this.#say("offline"), waiting && this.#say("waiting", { count: waiting })];
    this.#offline.hidden = !isOffline;
    this.#offline.textContent = isOffline ? sentences.filter(Boolean).join(" ") : "";
  }

  complain(sentence) {
    this.#note.hidden = !sentence;
    this.#note.textContent = sentence;
  }
}
