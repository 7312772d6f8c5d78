// What one session has to bring to the server: its photos, and what it tells, in order. Both are
// written down first, so that they outlive the page.
import { Refused } from "./api.js";
import { insist } from "./patience.js";

const ERRANDS = {
  session: (api) => api.session(),
  answerAssent: (api, _post, answer) => api.answerAssent(answer),
  bin: (api, _post, id) => api.bin(id),
  // Named when it is told, not when it happened: some have arrived in between.
  close: (api, post, how) => api.close(how, post.held),
  answerAfterStop: (api, _post, answer, ids = []) => api.answerAfterStop(answer, ids),
};
// A yes must be heard before anything is taken: who is not heard is asked again.
const isKept = (name, [answer]) =>
  name !== "session" && !(name === "answerAssent" && answer === "yes");
// The link ended, or another server stands at this address: some day it may be the right one again.
const ELSEWHERE = new Set([401, 404]);
const HELD = new Set(["writing", "waiting", "refused"]);

export class Post {
  #store;
  #patience;
  #moved;
  #photos = new Map();
  #errands = new Map();
  #told = () => {};
  #wiped = () => {};
  #last = Promise.resolve();
  #isGone = false;
  open = 0;

  /**
   * `record` is the session as the store knows it, `moved` hears whenever something of it changed;
   * `api` asks in the session's own name.
   */
  constructor(record, { store, api, patience, moved }) {
    Object.assign(this, { api, record: { isEnded: false, answer: null, place: null, ...record } });
    this.#store = store;
    this.#patience = patience;
    this.#moved = moved;
  }

  /** `told` hears of each photo (an outcome, null when it begins to wait), `wiped` of the end. */
  listen({ told = () => {}, wiped = () => {} }) {
    this.#told = told;
    this.#wiped = wiped;
  }

  /** Takes up what an earlier page left. What was refused then may be wanted now. */
  restore(photos, errands) {
    for (const photo of photos) {
      const state = photo.state === "refused" ? "waiting" : photo.state;
      this.#photos.set(photo.id, { ...photo, state, tries: 0 });
    }
    const known = errands.filter(({ name }) => name in ERRANDS);
    if (known.some(({ name, args: [answer] }) => name === "answerAfterStop" && answer === "bin")) {
      this.drop();
    }
    for (const { id, name, args } of known) {
      this.#errands.set(id, { name, args });
      this.#queue(Promise.resolve(id), name, args).catch(() => {}); // nobody is there to be told
    }
  }

  /** The ids of the photos that are not known to be saved and go on being sent. */
  get waiting() {
    return this.#ids((state) => state === "waiting" || state === "writing");
  }

  get refused() {
    return this.#ids((state) => state === "refused");
  }

  get saved() {
    return this.#ids((state) => state === "saved");
  }

  /** The ids of all photos whose bytes are here alone. */
  get held() {
    return this.#ids((state) => HELD.has(state));
  }

  /** All photos that this tablet took: {id, state, sha256, details}. */
  get photos() {
    return [...this.#photos.values()];
  }

  /** What the server has not been told: {name, args}, oldest first. */
  get untold() {
    return [...this.#errands.values()];
  }

  /** Resolves when all that was asked for so far is done, or refused. */
  get settled() {
    return this.#last;
  }

  /** Whether nothing is left to bring. */
  get isDone() {
    return this.record.isEnded && !this.held.length && !this.open && !this.#errands.size;
  }

  /** Resolves when the photo is durable; one that is aborted by then is taken out again. */
  async add({ id, bytes, sha256, details }, signal) {
    const photo = { id, sha256, details, state: "writing", tries: 0 };
    this.#photos.set(id, photo);
    await this.#store.addPhoto(this.record.id, { id, bytes, sha256, details });
    if (signal?.aborted) this.#photos.delete(id);
    if (!this.#photos.has(id)) return this.#store.removePhotos([id]);
    photo.state = "waiting";
    this.#told(null, photo);
    return this.#moved(this);
  }

  /** The next photo to send that is not among `busy`, those that failed last. */
  next(busy) {
    const free = this.photos.filter(({ id, state }) => state === "waiting" && !busy.has(id));
    return free.sort((one, other) => one.tries - other.tries)[0];
  }

  /** The server answered for a photo: {kind: saved, erased or refused, sentence}. */
  async settle(id, outcome) {
    const photo = this.#photos.get(id);
    if (!photo) return; // dropped while it was on its way
    if (outcome.kind === "erased") this.#photos.delete(id);
    else photo.state = outcome.kind;
    await this.#write(id, outcome.kind).catch(() => {}); // sent again some day, and known then
    this.#told(outcome, photo);
    this.#moved(this);
  }

  /** Throws all copies away; returns the ids of those that may be at the server already. */
  drop() {
    const ids = this.held;
    this.#store.removePhotos([...this.#photos.keys()]);
    this.#photos.clear();
    this.#moved(this);
    return ids;
  }

  /** Tells the server, after everything it was to be told before; rejects where it refuses. */
  run(name, ...args) {
    if (!isKept(name, args)) return this.#queue(Promise.resolve(null), name, args);
    const noted = this.#store.addErrand(this.record.id, name, args).then((id) => {
      this.#errands.set(id, { name, args });
      return id;
    });
    return this.#queue(noted, name, args);
  }

  /** The same session under a new link, that of `post`: what the old one could not bring follows. */
  async renew({ api, record: { token, answer } }) {
    this.api = api;
    for (const photo of this.photos) if (photo.state === "refused") photo.state = "waiting";
    for (const [id, { name, args }] of this.#errands) {
      this.#queue(Promise.resolve(id), name, args).catch(() => {}); // as in `restore`
    }
    await this.#change({ token, answer });
    this.#moved(this);
  }

  /** Writes down what the server answered of the session. */
  keep(answer) {
    return this.#change({ answer });
  }

  /** Writes down where the child is. */
  mark(place) {
    return this.#change({ place });
  }

  /** The child's part is over on this tablet, or begins again. */
  async end(isEnded = true) {
    if (this.record.isEnded === isEnded) return;
    await this.#change({ isEnded });
    this.#moved(this);
  }

  /** All of it was withdrawn: nothing of the session stays. */
  async erase() {
    this.#isGone = true;
    this.record.isEnded = true;
    this.#errands.clear();
    this.drop();
    this.#wiped();
    await this.#store.forgetSession(this.record.id);
  }

  /** Nothing is left to bring: the store forgets the session. */
  async forget() {
    this.#isGone = true;
    await this.#store.forgetSession(this.record.id);
  }

  #ids(isWanted) {
    return this.photos.filter(({ state }) => isWanted(state)).map(({ id }) => id);
  }

  #write(id, kind) {
    if (kind === "saved") return this.#store.savePhoto(id);
    return kind === "refused" ? this.#store.refusePhoto(id) : this.#store.removePhotos([id]);
  }

  async #change(change) {
    Object.assign(this.record, change);
    if (!this.#isGone && this.record.answer) await this.#store.keepSession(this.record);
  }

  #queue(noted, name, args) {
    this.open += 1;
    const done = this.#last
      .then(() => noted)
      .then((id) => this.#perform(id, name, args))
      .finally(() => {
        this.open -= 1;
        this.#moved(this);
      });
    this.#last = done.catch(() => {});
    this.#moved(this);
    return done;
  }

  async #perform(id, name, args) {
    try {
      const answer = await insist(() => ERRANDS[name](this.api, this, ...args), this.#patience);
      if (name === "bin") await this.#store.removePhotos(args);
      // So that a page without a network knows it, too.
      else await this.keep({ ...this.record.answer, ...answer });
      await this.#strike(id);
      return answer;
    } catch (refusal) {
      if (!(refusal instanceof Refused && ELSEWHERE.has(refusal.status))) await this.#strike(id);
      if (refusal.isErased) await this.erase();
      throw refusal;
    }
  }

  async #strike(id) {
    this.#errands.delete(id);
    if (id) await this.#store.removeErrand(id).catch(() => {});
  }
}
