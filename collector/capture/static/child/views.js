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
  #today;
  #help;

  /** `today` is the day as the certificate shows it; `help` names an adult's word for a trouble. */
  constructor({ screens, say, ledger, today = "", help = () => "" }) {
    this.#screens = screens;
    this.#say = say;
    this.#ledger = ledger;
    this.#today = today;
    this.#help = help;
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
    const mascot = isPractice ? "photographing" : "reading";
    this.#screens.show("story", { slots, pose: mascot, canStop: true });
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
    const praise = flow.isSecond ? "well_done" : "star";
    const slots = { praise: this.#say(praise) };
    this.#screens.show("star", { slots, pose: "giving", canStop: true });
    if (!flow.again) this.#screens.find("[data-act=again]").remove();
    fillStars(this.#screens.find(".stars"), flow.stars, flow.allStars);
  }

  /** A second try: now the mascot shows a face. */
  model(flow) {
    const { emotion, pose } = stepOf(flow);
    const slots = { pose: pose ?? "" };
    this.#screens.show("model", { slots, pose: emotion, canStop: true });
  }

  pause() {
    this.#screens.show("pause", { pose: "stretching", canStop: true });
  }

  review(flow) {
    const slots = { thanks: this.#thanks(flow, "finished") };
    const template = this.#ledger.counts.taken ? "review" : "review-empty";
    const pose = this.#ledger.counts.taken ? null : "thanking";
    this.#screens.show("review", { template, slots, pose, canStop: true });
  }

  stopped(flow) {
    this.#screens.show("stopped", { pose: "thanking" });
    this.#collected(flow);
  }

  goodbye(flow) {
    const isOver = flow.thanks === "over"; // which says all there is to say
    const goodbye = isOver ? "" : this.#say("goodbye");
    const slots = { thanks: this.#thanks(flow, flow.thanks), goodbye, date: this.#today };
    this.#screens.show("goodbye", { slots, pose: "thanking" });
    this.#certify(flow);
  }

  declined() {
    this.#screens.show("declined", { pose: "waving" });
  }

  trouble({ trouble }) {
    const slots = { trouble: this.#say(trouble), help: this.#say(this.#help(trouble)) };
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

  /** Time may have been up before the last star. */
  #thanks({ stars, allStars }, word) {
    return this.#say(word === "finished" && stars < allStars ? "stopped" : THANKS[word]);
  }

  /** The same for everybody who took part, whatever they skipped or when they stopped. */
  #certify(flow) {
    const { stars, thanks } = flow;
    this.#screens.find(".certificate").hidden = thanks === "over" || thanks === "erased";
    this.#screens.put("collected", this.#say("collected", { count: stars }));
    this.#collected(flow);
  }

  /** Those collected; what is not is nobody's business once the child has decided to go. */
  #collected({ stars, thanks }) {
    const row = this.#screens.find(".stars");
    row.hidden = !stars || thanks === "over";
    fillStars(row, stars, stars);
  }
}
