// One session of one child: what is tapped moves the flow, and the flow moves everything else.
import { countDown, shoot } from "../camera/burst.js";
import { advance, begin, stepOf } from "./flow.js";

const WITH_CAMERA = new Set(["camera", "story", "model", "countdown", "star", "pause"]);
const FINAL = new Set(["goodbye", "declined"]);

/** Where nothing is taken, the camera is not even asked. */
export const grabNothing = async () => ({ takenAt: null, jpeg: Promise.resolve(null) });

export class Studio {
  #flow;
  #plan;
  #tools;
  #burst = new AbortController();
  #began = null;
  #isLeft = false;
  #spent; // milliseconds that the child sat before the page was opened again
  #end = () => {};

  /** Resolves when the child's part is over and the server knows it; photos may still wait. */
  ended = new Promise((resolve) => (this.#end = resolve));

  /**
   * `tools`: api, camera, awake, errands, uploads, ledger, views, screens, ring, clock (wait and
   * now), newId, sha256, reviewing (opens the review), complain (shows the adult a sentence), tell
   * (says what is on the screen; `isWhole`: all of it, for somebody asked), mark (keeps where the
   * child is). `session` may bring the flow to go on with, and what was `spent` before.
   */
  constructor(session, tools) {
    this.#flow = session.flow ?? begin(session);
    this.#spent = session.spent ?? 0;
    this.#plan = session.plan;
    this.#tools = tools;
  }

  start() {
    this.#enter();
  }

  /** Another session has the page: whatever is under way here changes nothing on it. */
  leave() {
    this.#isLeft = true;
    this.#burst.abort();
  }

  /** A button was tapped. */
  act(name, value) {
    const acts = {
      assent: () => this.#answerAssent(value),
      open: () => this.#openCamera(),
      next: () => this.#move("next", this.#isLate),
      stop: () => this.#move("stop", this.#left),
      answer: () => this.#move(value),
      listen: () => this.#tools.tell?.({ isWhole: true }),
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
    const isErased = await this.#run("bin", id);
    if (isErased) this.#tools.ledger.note(id, "thrown");
    return Boolean(isErased);
  }

  /** How many photos there are to be kept or thrown away. */
  get #left() {
    const { taken, thrown } = this.#tools.ledger.counts;
    return taken - thrown;
  }

  /** Whether the child has sat as long as the protocol wants at most. */
  get #isLate() {
    const { minutes } = this.#plan;
    return Boolean(minutes) && this.#tools.clock.now() - this.#began > minutes * 60_000;
  }

  #move(event, detail) {
    const before = this.#flow;
    if (this.#isLeft) return;
    this.#flow = advance(before, event, detail);
    if (this.#flow === before) return;
    this.#burst.abort();
    this.#tell(event);
    this.#enter();
  }

  #enter() {
    if (this.#isLeft) return;
    const { views, camera, awake, reviewing, tell } = this.#tools;
    this.#mark();
    views.show(this.#flow);
    tell?.();
    if (!WITH_CAMERA.has(this.#flow.screen)) {
      camera.close();
      awake.release();
    }
    reviewing(this.#flow.screen === "review");
    this.#guide();
    if (this.#flow.screen === "countdown") this.#takeBurst(stepOf(this.#flow));
    if (FINAL.has(this.#flow.screen)) this.#tools.errands.settled.then(this.#end);
  }

  /** Where the child sees itself it is advised; not in the practice, of which no frame is taken. */
  #guide() {
    const { guide, ring } = this.#tools;
    const { screen, isCameraOn } = this.#flow;
    const { head_pose: pose, isPractice } = (screen === "countdown" && stepOf(this.#flow)) || {};
    ring.point(pose);
    if (screen === "camera" ? isCameraOn : screen === "countdown" && !isPractice) guide?.start(pose);
    else guide?.stop();
  }

  async #answerAssent(answer) {
    const { api, screens } = this.#tools;
    screens.hold();
    const asked = this.#run("answerAssent", answer);
    // A child that does not want to waits for no network.
    if (answer !== "yes") return this.#move("declined");
    const said = await asked;
    if (said) return this.#move(said.state === "running" ? "agreed" : "declined");
    // Answered before, on another tablet perhaps: go on from what the server knows.
    const session = await this.#run("session");
    if (!session) return;
    this.#flow = begin(session);
    this.#enter();
  }

  async #openCamera() {
    const { camera, awake, screens } = this.#tools;
    screens.hold();
    try {
      await camera.open();
      this.#began ??= this.#tools.clock.now() - this.#spent;
      this.#move("opened");
    } catch (trouble) {
      this.#move("lost", trouble.word);
    }
    // Stopped while the browser asked for permission.
    if (!this.#flow.isCameraOn || !WITH_CAMERA.has(this.#flow.screen)) camera.close();
    else awake.keep();
  }

  async #takeBurst({ emotion, shots, head_pose: pose, isPractice }) {
    const { clock, guide, newId, ring, views } = this.#tools;
    const { countdown_seconds: seconds, shot_interval_ms: interval } = this.#plan;
    const { signal } = (this.#burst = new AbortController());
    const { attempt } = this.#flow;
    const about = { burst: newId(), prompt: emotion, head_pose: pose, attempt };
    this.#mark(about.burst);
    const grab = isPractice ? grabNothing : this.#grabber(signal);
    const keep = (shot) => shot.bytes && this.#keep(shot, about, signal);
    const show = (taken) => views.shots(taken, shots);
    try {
      await guide?.settle(signal);
      await countDown({ seconds, show: ring.count, signal, ...clock });
      await shoot({ shots, interval, grab, show, keep, signal, ...clock });
      if (!signal.aborted) this.#move("taken");
    } catch (trouble) {
      if (!signal.aborted) this.#move("lost", trouble.word ?? "camera_lost");
    }
  }

  /** Takes one frame after the other, none of them twice, each with the advice that stands then. */
  #grabber(signal) {
    const { camera, guide } = this.#tools;
    const seen = new Set();
    return async () => {
      const shot = await camera.grabNew({ seen, signal });
      return { ...shot, guidance: guide?.advice ?? null };
    };
  }

  async #keep({ bytes, takenAt, ...shot }, about, signal) {
    const { newId, sha256, uploads } = this.#tools;
    const details = { ...about, ...shot, taken_at: takenAt.toISOString() };
    const photo = { id: newId(), bytes, sha256: await sha256(bytes), details };
    // Written down before it counts; one that a stop overtakes is taken out again.
    if (!signal.aborted) await uploads.add(photo, signal);
  }

  /** What the server must hear of an event, after everything that happened before it. */
  #tell(event) {
    if (event === "stop") this.#run("close", "stopped");
    if (event === "done") this.#run("close", "finished");
    if (event === "keep") this.#run("answerAfterStop", "keep");
    if (event === "bin") {
      const waiting = this.#forget();
      this.#run("answerAfterStop", "bin", waiting);
    }
  }

  /** Throws all copies away; returns the ids of those that may still be on their way. */
  #forget() {
    const waiting = this.#tools.uploads.drop();
    this.#tools.ledger.throwAll();
    return waiting;
  }

  /** Where the child is, for a page that is opened again. */
  #mark(burst = null) {
    const spent = this.#began === null ? this.#spent : this.#tools.clock.now() - this.#began;
    this.#tools.mark?.({ flow: this.#flow, burst, spent });
  }

  async #run(errand, ...args) {
    try {
      return await this.#tools.errands.run(errand, ...args);
    } catch (refusal) {
      if (refusal.isErased) this.erase();
      else this.#tools.complain(refusal.message);
      return null;
    }
  }
}
