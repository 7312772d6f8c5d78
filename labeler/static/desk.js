// The reviewer's desk: one photo in sight, the next one ready; judged once, and only when seen.

// A press sooner than this after a photo's appearance was meant for the photo before it.
export const TOO_SOON = 300;

const IN_SIGHT_AND_NEXT = 2;
const ONE_DAY = 86_400_000;

export class Desk {
  #server;
  #line;
  #outbox;
  #screen;
  #now;
  #newId;
  #inSight = null; // { photo, since, whole }; `since` is null until the photo is painted
  #ready = [];
  #judged = new Set(); // since the queue was last asked for: its answer may still name them
  #counts = { voted: 0, waiting: 0 };
  #undoing = false;
  #tending = null; // the turn that is still to come
  #work = Promise.resolve();

  /** `screen.show(blob)` resolves when it is painted, with whether the picture could be drawn. */
  constructor({ server, line, outbox, screen, now, newId }) {
    this.#server = server;
    this.#line = line;
    this.#outbox = outbox;
    this.#screen = screen;
    this.#now = now;
    this.#newId = newId;
  }

  /** Ask the queue what there is to do; also later, when it was empty. */
  tend() {
    this.#tending ??= this.#inTurn(() => {
      this.#tending = null;
      return this.#fill();
    });
    return this.#tending;
  }

  /** Judge the photo in sight; false where it has not been seen, or not for long enough. */
  judge({ verdict, emotion = null, reason = null }) {
    if (!this.#mayJudge(verdict)) return false;
    const { photo, since } = this.#inSight;
    const milliseconds = Math.min(Math.round(this.#now() - since), ONE_DAY - 1);
    this.#judged.add(photo.id);
    this.#outbox.add(this.#vote(photo.id, { verdict, emotion, reason, milliseconds }));
    this.#count(1);
    this.#present(this.#ready.shift());
    this.tend();
    return true;
  }

  /** Take the last vote back and show its photo again; false where that cannot be done now. */
  undo() {
    if (this.#undoing || this.#line.trouble || this.#isComing()) return false;
    this.#undoing = true;
    this.#inTurn(() => this.#takeBack()).finally(() => {
      this.#undoing = false;
    });
    this.tend();
    return true;
  }

  #mayJudge(verdict) {
    const { since = null, whole } = this.#inSight ?? {};
    if (this.#undoing || since === null || this.#now() - since < TOO_SOON) return false;
    return whole || verdict === "not_usable";
  }

  #isComing() {
    return this.#inSight !== null && this.#inSight.since === null;
  }

  async #fill() {
    await this.#outbox.empty();
    this.#judged.clear();
    const offer = await this.#line.ask(() => this.#server.lease(IN_SIGHT_AND_NEXT));
    if (offer.refused !== undefined) return this.#screen.refused(offer.refused);
    if (this.#judged.size === 0) this.#count(0, offer);
    this.#ready = this.#ready.filter((photo) => offer.photos.includes(photo.id));
    for (const id of offer.photos) await this.#prepare(id);
    if (!this.#inSight && this.#judged.size === 0 && this.#ready.length === 0) this.#screen.empty();
  }

  async #prepare(id) {
    if (!this.#isNew(id)) return;
    const photo = await this.#line.ask(() => this.#server.photo(id));
    if (photo.refused !== undefined || !this.#isNew(id)) return;
    if (this.#inSight) this.#ready.push(photo);
    else await this.#present(photo);
  }

  #isNew(id) {
    const known = this.#judged.has(id) || this.#inSight?.photo.id === id;
    return !known && !this.#ready.some((photo) => photo.id === id);
  }

  async #present(photo) {
    const sight = photo ? { photo, since: null, whole: false } : null;
    this.#inSight = sight;
    if (!sight) return this.#screen.wait();
    sight.whole = await this.#screen.show(photo.blob);
    sight.since = this.#now();
  }

  async #takeBack() {
    await this.#outbox.empty();
    const last = await this.#line.ask(() => this.#server.last());
    if (!last.photo) return this.#screen.nothingToUndo();
    const undone = await this.#outbox.add(this.#vote(last.photo, { verdict: "undone" }));
    const photo = await this.#line.ask(() => this.#server.photo(last.photo));
    if (undone.refused !== undefined || photo.refused !== undefined) return;
    if (this.#inSight) this.#ready.unshift(this.#inSight.photo);
    this.#count(-1);
    this.#screen.undone();
    await this.#present(photo);
  }

  #vote(photo_id, rest) {
    const blank = { emotion: null, reason: null, milliseconds: null };
    return { vote_id: this.#newId(), photo_id, ...blank, ...rest };
  }

  #count(more, { voted, waiting } = this.#counts) {
    this.#counts = { voted: voted + more, waiting: Math.max(0, waiting - more) };
    this.#screen.progress(this.#counts);
  }

  // One thing at a time: what is asked of the server in one turn must not be stale in the next.
  #inTurn(task) {
    this.#work = this.#work.then(task);
    return this.#work;
  }
}
