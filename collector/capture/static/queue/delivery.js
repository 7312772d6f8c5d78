// Bringing photos to the server: one delivery a page, for the session at hand and for earlier ones,
// several photos at a time, each called saved only when the server names the hash of its bytes.
import { Refused } from "./api.js";
import { Post } from "./post.js";

export class Delivery {
  #store;
  #apiOf;
  #patience;
  #newId;
  #atOnce;
  #changed = () => {};
  #posts = [];
  #current = null;
  #busy = new Set();
  #isResting = false;

  /** `apiOf` gives what asks the server in the name of a session's token. */
  constructor({ store, apiOf, patience, newId, atOnce = 3 }) {
    this.#store = store;
    this.#apiOf = apiOf;
    this.#patience = patience;
    this.#newId = newId;
    this.#atOnce = atOnce;
  }

  /** Takes up what earlier pages left; `changed` hears whenever a number may be another. */
  async begin(changed = () => {}) {
    this.#changed = changed;
    const [sessions, photos, errands] = await Promise.all([
      this.#store.sessions(),
      this.#store.photos(),
      this.#store.errands(),
    ]);
    this.#posts = sessions.map((record) => this.#post(record));
    for (const post of this.#posts) {
      const isIts = ({ session }) => session === post.record.id;
      post.restore(photos.filter(isIts), errands.filter(isIts));
      this.#move(post);
    }
  }

  /** What the session that the token opens has to bring. */
  join(token) {
    const known = this.#posts.find(({ record }) => record.token === token);
    const post = known ?? this.#post({ id: this.#newId(), token });
    if (!known) this.#posts.push(post);
    return post;
  }

  /** The post that knows this session by an earlier link, under the new one now; else this one. */
  async unite(post) {
    const { rescue } = post.record.answer;
    const isSame = ({ record }) => rescue && record.answer?.rescue?.session === rescue.session;
    const earlier = this.#posts.find((one) => one !== post && isSame(one));
    if (!earlier || post.photos.length) return post;
    this.#posts = this.#posts.filter((one) => one !== post);
    await earlier.renew(post);
    await post.forget();
    return earlier;
  }

  /** The session's child sits down; the one before it has left this tablet. */
  enter(post) {
    this.#current = post;
    for (const one of this.#posts) one.end(one !== post);
  }

  get posts() {
    return [...this.#posts];
  }

  /** How many photos of all sessions wait to be sent. */
  get waiting() {
    return this.#sum((post) => post.waiting.length);
  }

  /** How many the server refused; they are here alone. */
  get refused() {
    return this.#sum((post) => post.refused.length);
  }

  /** Whether something could not be sent when it was tried last. */
  get isStuck() {
    return this.#patience.isTried && this.waiting + this.#sum((post) => post.open) > 0;
  }

  #sum(count) {
    return this.#posts.reduce((sum, post) => sum + count(post), 0);
  }

  #post(record) {
    const api = this.#apiOf(record.token);
    const moved = (post) => this.#move(post);
    return new Post(record, { store: this.#store, patience: this.#patience, api, moved });
  }

  #move(post) {
    if (post.isDone && this.#posts.includes(post)) {
      this.#posts = this.#posts.filter((one) => one !== post);
      post.forget();
    }
    this.#changed();
    this.#go();
  }

  #go() {
    while (!this.#isResting && this.#busy.size < this.#atOnce) {
      const [post, photo] = this.#next();
      if (!photo) return;
      this.#deliver(post, photo);
    }
  }

  /** The child in front of the tablet wants to see its photos: they come first. */
  #next() {
    const inTurn = [this.#current, ...this.#posts].filter((post) => this.#posts.includes(post));
    const post = inTurn.find((one) => one.next(this.#busy));
    return [post, post?.next(this.#busy)];
  }

  async #deliver(post, photo) {
    this.#busy.add(photo.id);
    const outcome = await this.#try(post, photo);
    if (outcome.kind === "later") {
      photo.tries += 1;
      this.#busy.delete(photo.id);
      await this.#rest();
    } else {
      this.#patience.relax();
      await post.settle(photo.id, outcome);
      this.#busy.delete(photo.id);
    }
    this.#go();
  }

  async #try(post, { id, sha256 }) {
    const { api } = post;
    try {
      const photo = await this.#store.readPhoto(id);
      if (!photo) return await this.#ask(post, id);
      const receipt = await api.send(photo);
      return { kind: receipt.sha256 === sha256 ? "saved" : "later" };
    } catch (error) {
      const isOld = post.api !== api; // refused under a link that was renewed meanwhile
      if (isOld || !(error instanceof Refused)) return { kind: "later" };
      return error.isErased ? { kind: "erased" } : { kind: "refused", sentence: error.sentence };
    }
  }

  /** Another page of this tablet has settled the photo: the server knows how. */
  async #ask(post, id) {
    const { stored } = await post.api.session();
    return { kind: stored.some((photo) => photo.id === id) ? "saved" : "erased" };
  }

  async #rest() {
    this.#isResting = true;
    await this.#patience.rest();
    this.#isResting = false;
  }
}
