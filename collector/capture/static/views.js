// How each screen of the flow looks: which template, which words, the mascot or the child itself.
import { fillStars } from "./screens.js";
import { stepOf } from "./flow.js";

const THANKS = {
  finished: "finished",
  stopped: "stopped",
  kept: "stopped",
  binned: "binned",
  erased: "erased",
  over: "over",
};

export class Views {
  #screens;
  #say;
  #ledger;

  constructor({ screens, say, ledger }) {
    this.#screens = screens;
    this.#say = say;
    this.#ledger = ledger;
  }

  show(flow) {
    this[flow.screen](flow);
    this.count();
  }

  assent() {
    this.#screens.show("assent", { pose: "waving" });
  }

  camera({ isCameraOn }) {
    const face = isCameraOn
      ? { template: "camera-on", isRing: true }
      : { pose: "photographing" };
    this.#screens.show("camera", { ...face, canStop: true });
  }

  story(flow) {
    const { isPractice, story, pose } = stepOf(flow);
    const slots = { story: isPractice ? this.#say("practice") : story, pose: pose ?? "" };
    // It reads: nobody shows the child a face to imitate before it has made its own.
    this.#screens.show("story", { slots, pose: "reading", canStop: true });
  }

  countdown(flow) {
    // No name of an emotion: the story said what happens, a word would ask for a grimace.
    const { shots, pose } = stepOf(flow);
    const slots = { pose: pose ?? "" };
    this.#screens.show("countdown", { slots, isRing: true, canStop: true });
    this.shots(0, shots);
  }

  /** How many of the burst's shots are taken. */
  shots(taken, all) {
    fillStars(this.#screens.find(".shots"), taken, all);
  }

  star(flow) {
    this.#screens.show("star", { pose: "giving", canStop: true });
    fillStars(this.#screens.find(".stars"), flow.stars, flow.allStars);
  }

  pause() {
    this.#screens.show("pause", { pose: "waving", canStop: true });
  }

  review() {
    const template = this.#ledger.counts.taken ? "review" : "review-empty";
    const pose = this.#ledger.counts.taken ? null : "thanking";
    this.#screens.show("review", { template, pose, canStop: true });
  }

  stopped(flow) {
    this.#screens.show("stopped", { pose: "thanking" });
    this.#collected(flow);
  }

  goodbye(flow) {
    const isOver = flow.thanks === "over"; // which says all there is to say
    const goodbye = isOver ? "" : this.#say("goodbye");
    const slots = { thanks: this.#say(THANKS[flow.thanks]), goodbye };
    this.#screens.show("goodbye", { slots, pose: "thanking" });
    this.#collected(flow);
  }

  declined() {
    this.#screens.show("declined", { pose: "waving" });
  }

  trouble({ trouble }) {
    const slots = { trouble: this.#say(trouble) };
    this.#screens.show("trouble", { slots, pose: "puzzled", canStop: true });
  }

  /** The numbers of photos, where the screen has a place for them. */
  count() {
    const counts = this.#ledger.counts;
    const words = { ...counts, not_saved: counts.refused };
    const told = ["taken", "saved", "waiting", "thrown", "not_saved"]
      .filter((word) => words[word] || word === "taken" || word === "saved")
      .map((word) => this.#say(word, { count: words[word] }));
    // A number stays on the line of its word.
    const unbroken = told.map((text) => text.replaceAll(" ", "\u00a0"));
    this.#screens.put("counts", unbroken.join(" · "));
    const safe = counts.saved ? this.#say("all_saved") : "";
    const progress = counts.waiting ? this.#say("waiting", { count: counts.waiting }) : safe;
    this.#screens.put("progress", progress);
  }

  /** Those collected; what is not is nobody's business once the child has decided to go. */
  #collected({ stars, thanks }) {
    const row = this.#screens.find(".stars");
    row.hidden = !stars || thanks === "over";
    fillStars(row, stars, stars);
  }
}
