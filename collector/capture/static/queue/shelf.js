// Where records lie: in IndexedDB, in memory, or in both where the first one fails.
const NAME = "waiting";
const VERSION = 1;
const LONGEST = 5000; // milliseconds
export const SHELVES = ["keys", "notes", "sessions", "photos", "errands"];

/** Opens the shelf on the disk; rejects where the browser has none, as in some private modes. */
export async function openDisk(indexedDB, wait) {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    for (const name of SHELVES) request.result.createObjectStore(name, { keyPath: "id" });
  };
  // Some browsers fall silent here instead of refusing.
  const tooLong = wait(LONGEST).then(() => Promise.reject(new Error("the disk does not answer")));
  return new Disk(await Promise.race([resultOf(request), tooLong]));
}

/** Records by shelf and id; a write is durable when it resolves. */
class Disk {
  #db;

  constructor(db) {
    this.#db = db;
    db.onversionchange = () => db.close();
  }

  /** `changes` are [shelf, record] to put, and [shelf, null, id] to delete: all of them, or none. */
  async write(changes) {
    const names = [...new Set(changes.map(([shelf]) => shelf))];
    const { done, shelf } = this.#transaction(names, "readwrite");
    for (const [name, record, id] of changes) {
      if (record) shelf(name).put(record);
      else shelf(name).delete(id);
    }
    await done;
  }

  /** The record of that id, put there now unless there was one. */
  async settle(name, record) {
    const { done, shelf } = this.#transaction([name], "readwrite");
    const found = shelf(name).get(record.id);
    found.onsuccess = () => found.result ?? shelf(name).put(record);
    await done;
    return found.result ?? record;
  }

  read(name, id) {
    return resultOf(this.#transaction([name], "readonly").shelf(name).get(id));
  }

  /** By id, what `pick` makes of each record; one record is in memory at a time. */
  async list(name, pick = (record) => record) {
    const { done, shelf } = this.#transaction([name], "readonly");
    const picked = new Map();
    const cursor = shelf(name).openCursor();
    cursor.onsuccess = () => {
      if (!cursor.result) return;
      picked.set(cursor.result.key, pick(cursor.result.value));
      cursor.result.continue();
    };
    await done;
    return picked;
  }

  #transaction(names, mode) {
    // Written through to the disk before it counts: the tablet may be switched off at any moment.
    const transaction = this.#db.transaction(names, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    return { done, shelf: (name) => transaction.objectStore(name) };
  }
}

/** The same in memory, for browsers without a disk, and for tests. */
export class Memory {
  #shelves = new Map(SHELVES.map((name) => [name, new Map()]));

  async write(changes) {
    for (const [name, record, id] of changes) {
      if (record) this.#shelves.get(name).set(record.id, record);
      else this.#shelves.get(name).delete(id);
    }
  }

  async settle(name, record) {
    const found = await this.read(name, record.id);
    if (!found) await this.write([[name, record]]);
    return found ?? record;
  }

  async read(name, id) {
    return this.#shelves.get(name).get(id);
  }

  async list(name, pick = (record) => record) {
    return new Map([...this.#shelves.get(name)].map(([id, record]) => [id, pick(record)]));
  }

  count(name) {
    return this.#shelves.get(name).size;
  }
}

/** The disk, and the memory for what the disk does not take. */
export class Shelf {
  #open;
  #disk = null;
  #memory = new Memory();

  /** `open` resolves to a disk, or rejects. */
  constructor(open) {
    this.#open = open;
  }

  /** Whether something lies in memory alone, and goes with the page. */
  get isUnsafe() {
    return this.#memory.count("photos") + this.#memory.count("errands") > 0;
  }

  async write(changes) {
    try {
      await this.#onDisk((disk) => disk.write(changes));
      await this.#memory.write(changes.map(([name, record, id]) => [name, null, record?.id ?? id]));
    } catch {
      // The disk is full, or there is none: memory is read first.
      await this.#memory.write(changes);
    }
  }

  settle(name, record) {
    return this.#onDisk((disk) => disk.settle(name, record)).catch(() => {
      // Sealed under a key that goes with the page, nothing may lie on a disk that answers later.
      this.#disk = null;
      this.#open = () => Promise.reject(new Error("the key is not on the disk"));
      return this.#memory.settle(name, record);
    });
  }

  /** Rejects where the disk fails. */
  async read(name, id) {
    const found = await this.#memory.read(name, id);
    return found ?? this.#onDisk((disk) => disk.read(name, id));
  }

  async list(name, pick) {
    const lying = await this.#onDisk((disk) => disk.list(name, pick)).catch(() => []);
    return [...new Map([...lying, ...(await this.#memory.list(name, pick))]).values()];
  }

  /** Some browsers close the disk while the page sleeps: it is opened once more. */
  async #onDisk(work) {
    try {
      return await work(await this.#opened());
    } catch {
      this.#disk = null;
      return work(await this.#opened());
    }
  }

  #opened() {
    this.#disk ??= this.#open();
    return this.#disk;
  }
}

function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
