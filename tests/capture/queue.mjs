// A tablet in tests: a store in memory, a server that is on or off, and a page on both.
import { webcrypto } from "node:crypto";
import { Unreachable } from "../../collector/capture/static/queue/api.js";
import { sha256 } from "../../collector/capture/static/queue/bytes.js";
import { Delivery } from "../../collector/capture/static/queue/delivery.js";
import { Patience } from "../../collector/capture/static/queue/patience.js";
import { Memory, Shelf } from "../../collector/capture/static/queue/shelf.js";
import { openStore } from "../../collector/capture/static/queue/store.js";

export const settle = (milliseconds = 30) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a disk is to the store: it takes all, and keeps it for the next page. */
export class Disk extends Memory {}

let ids = 0;

export function openTestStore(disk, now = () => 0) {
  const shelf = new Shelf(async () => disk);
  return openStore({ shelf, crypto: webcrypto, newId: () => `id-${(ids += 1)}`, now });
}

/** A server for one session: `refusals` says what it answers for a photo or an errand instead. */
export class Server {
  isOn = true;
  heard = [];
  photos = new Map();
  refusals = new Map();

  api = (token) => ({
    session: () => this.#answer("session", () => ({ stored: [...this.photos.keys()].map((id) => ({ id })) })),
    send: ({ id, bytes, sha256: hash }) =>
      this.#answer(id, async () => {
        if ((await sha256(bytes, webcrypto)) !== hash) throw new Unreachable("other bytes");
        this.photos.set(id, token);
        return { sha256: hash };
      }),
    close: (how, ids) => this.#answer(`close ${how} ${ids.join(",")}`, () => ({ state: how })),
    answerAssent: (answer) => this.#answer(`assent ${answer}`, () => ({ state: answer })),
    answerAfterStop: (answer, ids) => this.#answer(`after ${answer} ${ids.join(",")}`, () => ({})),
    bin: (id) => this.#answer(`bin ${id}`, () => ({})),
  });

  async #answer(what, work) {
    if (!this.isOn) throw new Unreachable("no network");
    const [word] = what.split(" ");
    if (this.refusals.has(word)) throw this.refusals.get(word);
    this.heard.push(what);
    return work();
  }
}

/** A page over the disk: its store, and its delivery, begun. `wake` ends its pause. */
export async function openPage(disk, server) {
  const store = await openTestStore(disk);
  const patience = new Patience({ wait: () => new Promise(() => {}) });
  const delivery = new Delivery({
    store,
    patience,
    apiOf: server.api,
    newId: () => `session-${(ids += 1)}`,
  });
  await delivery.begin();
  return { store, delivery, wake: () => patience.hurry() };
}

export async function photo(id, text = `picture ${id}`) {
  const bytes = new TextEncoder().encode(text).buffer;
  return { id, bytes, sha256: await sha256(bytes, webcrypto), details: { prompt: "happy", burst: "b" } };
}

/** A session that has begun on the page. */
export async function begin(delivery, token = "token", answer = { state: "running", stored: [] }) {
  const post = delivery.join(token);
  await post.keep(answer);
  delivery.enter(post);
  return post;
}
