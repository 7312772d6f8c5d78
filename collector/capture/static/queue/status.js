// What the adult beside the child may want to know: numbers, a lost connection, a refusal.
export class Status {
  #body;
  #parts;
  #delivery;
  #store;
  #say = () => "";
  #words;
  #isWarned = false;

  /** `parts` are the page's elements offline, note and rescue. */
  constructor({ body, parts, delivery, store }) {
    this.#body = body;
    this.#parts = parts;
    this.#delivery = delivery;
    this.#store = store;
    this.#words = [...body.querySelectorAll(".rescue, .rescuing [data-word]")].map((place) => ({
      place,
      word: place.dataset.word,
    }));
    parts.note.addEventListener("click", () => this.complain("")); // read and understood
  }

  /** From now on in these words. */
  speak(say) {
    this.#say = say;
    for (const { place, word } of this.#words) place.textContent = say(word);
    this.show();
  }

  /** How many photos the session at hand has taken, and how many of them are saved. */
  count({ taken, saved }) {
    Object.assign(this.#body.dataset, { taken, saved });
    this.show();
  }

  /** How many wait on this tablet, of this session and of earlier ones. */
  show() {
    const { waiting, refused, isStuck } = this.#delivery;
    this.#body.dataset.waiting = waiting;
    const sentences = [
      isStuck && this.#say("offline"),
      isStuck && waiting && this.#say("waiting", { count: waiting }),
      refused && this.#say("not_saved", { count: refused }),
    ].filter(Boolean);
    this.#parts.offline.hidden = !sentences.length;
    const told = sentences.join(" ");
    // A screen reader would say it again.
    if (this.#parts.offline.textContent !== told) this.#parts.offline.textContent = told;
    this.#parts.rescue.hidden = !((isStuck && waiting) || refused);
    this.#warn();
  }

  complain(sentence) {
    this.#parts.note.hidden = !sentence;
    this.#parts.note.textContent = sentence;
  }

  /** Said once: this browser keeps nothing, so the page must stay open. */
  #warn() {
    if (this.#isWarned || !this.#store.isUnsafe) return;
    this.#isWarned = true;
    this.complain(this.#say("unkept"));
  }
}
