// What became of every photo of the session, so that the numbers shown always add up.
export class Ledger {
  #photos = new Map();
  #changed;

  /** `stored` are the session's photos so far; `waits` says of those that are on this tablet yet. */
  constructor({ stored, changed = () => {} }) {
    for (const { id, waits } of stored) this.#photos.set(id, waits ?? "saved");
    this.#changed = changed;
  }

  /** Now one of: waiting, saved, refused, thrown. */
  note(id, state) {
    this.#photos.set(id, state);
    this.#changed(id, state);
  }

  throwAll() {
    for (const id of this.#photos.keys()) this.note(id, "thrown");
  }

  /** The ids of that state, oldest first. */
  ids(state) {
    return [...this.#photos].filter(([, one]) => one === state).map(([id]) => id);
  }

  get counts() {
    const of = (state) => this.ids(state).length;
    return {
      taken: this.#photos.size,
      saved: of("saved"),
      waiting: of("waiting"),
      thrown: of("thrown"),
      refused: of("refused"),
    };
  }
}
