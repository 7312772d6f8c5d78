// What waits on this tablet: sessions, photos and errands, each record sealed and in its order.
import { Seal, Unsealed, newKey } from "./seal.js";
import { Shelf } from "./shelf.js";

// A photo that the server refuses is kept for an adult to save it, and not for ever.
const LONGEST = 30 * 24 * 60 * 60 * 1000; // milliseconds

/** Opens the store; `shelf` is where the records lie. */
export async function openStore({ shelf, crypto, newId, now }) {
  // Without sealing nothing is written down.
  const found = crypto.subtle ? shelf : new Shelf(() => Promise.reject(new Error("not secure")));
  const store = new Store({ shelf: found, seal: await openSeal(found, crypto), newId, now });
  await store.begin();
  return store;
}

async function openSeal(shelf, crypto) {
  if (!crypto.subtle) return new Unsealed();
  const { key } = await shelf.settle("keys", { id: "seal", key: await newKey(crypto) });
  return new Seal(key, crypto);
}

class Store {
  #shelf;
  #seal;
  #newId;
  #now;
  #order = 0;
  #last = Promise.resolve();

  constructor({ shelf, seal, newId, now }) {
    this.#shelf = shelf;
    this.#seal = seal;
    this.#newId = newId;
    this.#now = now;
  }

  /** Whether something would be lost with the page. */
  get isUnsafe() {
    return this.#shelf.isUnsafe;
  }

  async begin() {
    const records = [
      ...(await this.#shelf.list("photos", ({ id, order, at, state }) => ({ id, order, at, state }))),
      ...(await this.#shelf.list("errands", ({ order }) => ({ order }))),
    ];
    this.#order = Math.max(0, ...records.map(({ order }) => order));
    const old = records.filter(({ at, state }) => state === "refused" && at < this.#now() - LONGEST);
    if (old.length) await this.#shelf.write(old.map(({ id }) => ["photos", null, id]));
  }

  /** All that is known of the sessions on this tablet, each {id, isEnded, token, answer, place}. */
  sessions() {
    return this.#openAll("sessions", ({ id, isEnded }) => ({ id, isEnded }));
  }

  /** Writes down a session: its token, what the server `answer`ed of it, the `place` it is at. */
  keepSession({ id, isEnded, token, answer, place }) {
    return this.#inOrder(async () => {
      const sealed = await this.#seal.closeValue({ token, answer, place }, `session ${id}`);
      return [["sessions", { id, isEnded, sealed }]];
    });
  }

  /** The session and all of its records; nothing of it is left here. */
  forgetSession(id) {
    return this.#inOrder(async () => [["sessions", null, id], ...(await this.#recordsOf(id))]);
  }

  /** The photos, oldest first, without their bytes: {id, session, order, state, sha256, details}. */
  async photos() {
    const photos = await this.#openAll("photos", ({ id, session, order, state }) => {
      return { id, session, order, state };
    });
    return photos.sort((one, other) => one.order - other.order);
  }

  /** Durable when it resolves. */
  addPhoto(session, { id, bytes, sha256, details }) {
    return this.#inOrder(async () => {
      const sealed = await this.#seal.closeValue({ sha256, details }, `photo ${id}`);
      const picture = await this.#seal.close(bytes, `picture ${id}`);
      const at = this.#now();
      return [["photos", { ...this.#next(session), id, at, state: "waiting", sealed, picture }]];
    });
  }

  /** The photo with its bytes; null where they are gone. */
  async readPhoto(id) {
    await this.#last;
    const record = await this.#shelf.read("photos", id);
    if (!record?.picture) return null;
    const { sha256, details } = await this.#seal.openValue(record.sealed, `photo ${id}`);
    return { id, sha256, details, bytes: await this.#seal.open(record.picture, `picture ${id}`) };
  }

  /** The server has it: what was asked stays until the session is over, the picture goes. */
  savePhoto(id) {
    return this.#changePhoto(id, (record) => ({ ...record, state: "saved", picture: null }));
  }

  /** The server does not want it: it stays for an adult. */
  refusePhoto(id) {
    return this.#changePhoto(id, (record) => ({ ...record, state: "refused" }));
  }

  removePhotos(ids) {
    return this.#inOrder(async () => ids.map((id) => ["photos", null, id]));
  }

  /** The errands, oldest first: {id, session, order, name, args}. */
  async errands() {
    const errands = await this.#openAll("errands", ({ id, session, order }) => {
      return { id, session, order };
    });
    return errands.sort((one, other) => one.order - other.order);
  }

  /** Resolves to the id of the errand, once it is durable. */
  async addErrand(session, name, args) {
    const id = this.#newId();
    await this.#inOrder(async () => {
      const sealed = await this.#seal.closeValue({ name, args }, `errand ${id}`);
      return [["errands", { ...this.#next(session), id, sealed }]];
    });
    return id;
  }

  removeErrand(id) {
    return this.#inOrder(async () => [["errands", null, id]]);
  }

  /** What was noted under that name; undefined where nothing was. */
  async note(name) {
    await this.#last;
    const record = await this.#shelf.read("notes", name).catch(() => undefined);
    return record && this.#seal.openValue(record.sealed, `note ${name}`).catch(() => undefined);
  }

  /** Notes a plain value under a name; null takes the note away. */
  keepNote(name, value) {
    return this.#inOrder(async () => {
      if (value === null) return [["notes", null, name]];
      return [["notes", { id: name, sealed: await this.#seal.closeValue(value, `note ${name}`) }]];
    });
  }

  #next(session) {
    this.#order += 1;
    return { session, order: this.#order };
  }

  #changePhoto(id, change) {
    return this.#inOrder(async () => {
      const record = await this.#shelf.read("photos", id);
      return record ? [["photos", change(record)]] : [];
    });
  }

  async #recordsOf(session) {
    const own = [];
    for (const name of ["photos", "errands"]) {
      const found = await this.#shelf.list(name, (record) => [name, null, record.id, record.session]);
      own.push(...found.filter(([, , , owner]) => owner === session));
    }
    return own;
  }

  /** The records of a shelf, opened; what opens under no key of ours is left out. */
  async #openAll(name, pick) {
    await this.#last;
    const records = await this.#shelf.list(name, (record) => [pick(record), record.sealed]);
    const context = name.slice(0, -1);
    const opened = records.map(async ([plain, sealed]) => {
      const value = await this.#seal.openValue(sealed, `${context} ${plain.id}`).catch(() => null);
      return value && { ...value, ...plain };
    });
    return (await Promise.all(opened)).filter(Boolean);
  }

  /** One write after the other, in the order in which they were asked for. */
  #inOrder(changes) {
    const done = this.#last.then(async () => {
      const wanted = await changes();
      if (wanted.length) await this.#shelf.write(wanted);
    });
    this.#last = done.catch(() => {});
    return done;
  }
}
