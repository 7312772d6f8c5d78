// One child after the other at one tablet, as the class page sends them: neither page nor network.
import { Refused } from "../queue/api.js";

const EVERY = 2000; // milliseconds between two questions while nobody is here
const DURING = 5000; // and while a child is
// A child looks at its certificate, and shows it to the adult; the next one may sit down already.
const GOODBYE = 8000;
const LINGER = 45_000;

export class Lesson {
  #tools;
  #ended = null;

  /**
   * `ask` resolves to what the server wants next ({task, and the words of the waiting screen}),
   * `tell` takes what makes {waiting, now, ended} and resolves to {task, holds}; both try until the
   * server answers. `play` begins a task and resolves to what has `ended`, or to null; `leave` ends it on
   * the page alone. `rest` shows the waiting screen. `waiting` counts the photos here. `keep`
   * writes a task down for a page that is opened again. `wait` and `now` are the clock.
   */
  constructor(tools) {
    this.#tools = tools;
  }

  /** Goes on until the lesson is over: resolves to the server's refusal. `kept` comes first. */
  async run(kept = null) {
    try {
      if (kept) await this.#serve(kept);
      for (;;) {
        const told = await this.#tools.ask();
        if (told.task) await this.#serve(told.task);
        else await this.#untilSent(told);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error;
    }
  }

  async #untilSent(told) {
    for (;;) {
      this.#tools.rest(told);
      if ((await this.#tell()).task) return;
      await this.#tools.wait(EVERY);
    }
  }

  async #serve(task) {
    const { play, keep } = this.#tools;
    // A rehearsal has nothing to go on with; it begins again.
    if (task.kind === "sit") await keep(task);
    const child = await play(task);
    const isGone = child && !(await this.#accompany(task, child));
    this.#ended = task.id;
    await keep(null);
    if (!isGone) await this.#linger();
  }

  /** The server hears that the child sits here; resolves to whether it does to the end. */
  async #accompany(task, child) {
    let isOver = false;
    child.ended.then(() => (isOver = true));
    for (;;) {
      await Promise.race([child.ended, this.#tools.wait(DURING)]);
      if (isOver) return true;
      const { holds } = await this.#tell(task.id).catch(async (refusal) => {
        await child.ended; // the lesson was closed: the child finishes all the same
        throw refusal;
      });
      if (isOver) return true;
      if (!holds) {
        this.#tools.leave();
        return false;
      }
    }
  }

  /** The goodbye stays until the next child is sent, for a while at least and not for ever. */
  async #linger() {
    const since = this.#tools.now();
    for (;;) {
      const { task } = await this.#tell();
      const shown = this.#tools.now() - since;
      if (shown >= (task ? GOODBYE : LINGER)) return;
      await this.#tools.wait(EVERY);
    }
  }

  #tell(now = null) {
    return this.#tools.tell(() => ({ waiting: this.#tools.waiting(), now, ended: this.#ended }));
  }
}
