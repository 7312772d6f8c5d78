// One session of one child: what is tapped moves the flow, and the flow moves everything else.
import { countDown, shoot } from "./burst.js";
import { advance, begin, stepOf } from "./flow.js";

const WITH_CAMERA = new Set(["camera", "story", "countdown", "star", "pause"]);
const FINAL = new Set(["goodbye", "declined"]);

export class Studio {
  #flow;
  #plan;
  #tools;
  #burst = new AbortController();
  #began = null;
  #end = () => {};

  /** Resolves when the child's part is over and the server knows it; photos may still wait. */
  ended = new Promise((resolve) => (this.#end = resolve));

  /**
   * `tools`: api, camera, awake, errands, uploads, ledger, views, screens, ring, clock (wait and
   * now), newId, sha256, reviewing (opens the review), complain (shows the adult a sentence).
   */
  constructor(session, tools) {
    this.#flow = begin(session);
    this.#plan = session.plan;
    this.#tools = tools;
  }

  start() {
    this.#enter();
  }

  /** Whether the server does not know everything yet: the page must stay open. */
  get isBusy() {
    const { ledger, errands } = this.#tools;
    return ledger.counts.waiting > 0 || errands.open > 0;
  }

  /** A button was tapped. */
  act(name, value) {
    const acts = {
      assent: () => this.#answerAssent(value),
      open: () => this.#openCamera(),
      next: () => this.#move("next", this.#isLate),
      stop: () => this.#move("stop", this.#tools.ledger.counts.taken),
      answer: () => this.#move(value),
    };
    return acts[name] ? acts[name]() : this.#move(name);
  }

  /** The camera stopped by itself. */
  loseCamera(word) {
    this.#move("lost", word);
  }

  /** The child or its guardian took everything back meanwhile: no copy stays here. */
  erase() {
    this.#forget();
    this.#move("erased");
  }

  /** The child throws one photo away; resolves to whether it is erased. */
  async throwAway(id) {
    const isErased = await this.#run(() => this.#tools.api.bin(id));
    if (isErased) this.#tools.ledger.note(id, "thrown");
    return Boolean(isErased);
  }

  /** Whether the child has sat as long as the protocol wants at most. */
  get #isLate() {
    const { minutes } = this.#plan;
    return Boolean(minutes) && this.#tools.clock.now() - this.#began > minutes * 60_000;
  }

  #move(event, detail) {
    const before = this.#flow;
    this.#flow = advance(before, event, detail);
    if (this.#flow === before) return;
    this.#burst.abort();
    this.#tell(event);
    this.#enter();
  }

  #enter() {
    const { views, camera, awake, reviewing } = this.#tools;
    views.show(this.#flow);
    if (!WITH_CAMERA.has(this.#flow.screen)) {
      camera.close();
      awake.release();
    }
    reviewing(this.#flow.screen === "review");
    if (this.#flow.screen === "countdown") this.#takeBurst(stepOf(this.#flow));
    if (FINAL.has(this.#flow.screen)) this.#tools.errands.settled.then(this.#end);
  }

  async #answerAssent(answer) {
    const { api, screens } = this.#tools;
    screens.hold();
    const said = await this.#run(() => api.answerAssent(answer));
    if (said) return this.#move(said.state === "running" ? "agreed" : "declined");
    // Answered before, on another tablet perhaps: go on from what the server knows.
    const session = await this.#run(() => api.session());
    if (!session) return;
    this.#flow = begin(session);
    this.#enter();
  }

  async #openCamera() {
    const { camera, awake, screens } = this.#tools;
    screens.hold();
    try {
      await camera.open();
      this.#began ??= this.#tools.clock.now();
      this.#move("opened");
    } catch (trouble) {
      this.#move("lost", trouble.word);
    }
    // Stopped while the browser asked for permission.
    if (!this.#flow.isCameraOn || !WITH_CAMERA.has(this.#flow.screen)) camera.close();
    else awake.keep();
  }

  async #takeBurst({ emotion, shots, head_pose: pose }) {
    const { camera, clock, newId, ring, views } = this.#tools;
    const { countdown_seconds: seconds, shot_interval_ms: interval } = this.#plan;
    const { signal } = (this.#burst = new AbortController());
    const about = { burst: newId(), prompt: emotion, head_pose: pose };
    const grab = () => camera.grab();
    const keep = (shot) => this.#keep(shot, about, signal);
    const show = (taken) => views.shots(taken, shots);
    try {
      await countDown({ seconds, show: ring.count, signal, ...clock });
      await shoot({ shots, interval, grab, show, keep, signal, ...clock });
      if (!signal.aborted) this.#move("taken");
    } catch (trouble) {
      if (!signal.aborted) this.#move("lost", trouble.word ?? "camera_lost");
    }
  }

  async #keep({ shot, takenAt, bytes }, about, signal) {
    const { camera, newId, sha256, uploads } = this.#tools;
    const details = { ...about, shot, taken_at: takenAt.toISOString(), settings: camera.settings };
    const photo = { id: newId(), bytes, sha256: await sha256(bytes), details };
    if (!signal.aborted) uploads.add(photo);
  }

  /** What the server must hear of an event, after everything that happened before it. */
  #tell(event) {
    const { api, uploads } = this.#tools;
    if (event === "stop") this.#run(() => api.close("stopped", uploads.waiting));
    if (event === "done") this.#run(() => api.close("finished", uploads.waiting));
    if (event === "keep") this.#run(() => api.answerAfterStop("keep", []));
    if (event === "bin") {
      const waiting = this.#forget();
      this.#run(() => api.answerAfterStop("bin", waiting));
    }
  }

  /** Throws all copies away; returns the ids of those that may still be on their way. */
  #forget() {
    const waiting = this.#tools.uploads.drop();
    this.#tools.ledger.throwAll();
    return waiting;
  }

  async #run(task) {
    try {
      return await this.#tools.errands.run(task);
    } catch (refusal) {
      if (refusal.isErased) this.erase();
      else this.#tools.complain(refusal.message);
      return null;
    }
  }
}
