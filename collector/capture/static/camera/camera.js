// The front camera: opening it, taking frames from it, and saying what is wrong with it.
import { Easel } from "./easel.js";

/** Why there is no picture; `word` names the sentence to show. */
export class CameraTrouble extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

const WORDS = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

// Another program lets go of the camera a moment after it was closed.
const PAUSES = [400, 1000, 2000];
// A track may be muted for a moment while it starts or turns.
const LONGEST_MUTE = 1500;
// Some browsers never call back for a paused picture; then the frame at hand is taken.
const LONGEST_FRAME = 250;
// A camera that has not given a frame by then will not.
const LONGEST_START = 8000;
// Cameras begin with black frames until they have measured the light; then the room is dark.
const LONGEST_BLACK = 3000;
// At 5 frames a second, the fewest that a camera gives in the dark, seven are the same by then.
const FROZEN_AFTER = 1500;
// While a tablet is being turned, a frame of the other shape may still be on its way.
const LONGEST_TURN = 5;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Camera {
  #devices;
  #video;
  #easel;
  #lost;
  #facing;
  #clock;
  #track = null;
  #opening = new AbortController();

  /**
   * `lost` hears the word once when an opened camera stops giving pictures; `facing` is "user" for
   * the front camera, "environment" for the one at the back, where there are two.
   */
  constructor({ devices, video, canvas, lost, facing = "user", clock }) {
    this.#devices = devices;
    this.#video = video;
    this.#easel = new Easel({ video, canvas });
    this.#lost = lost;
    this.#facing = facing;
    this.#clock = { wait: sleep, now: () => performance.now(), ...clock };
  }

  /** Resolves when the camera shows something; raises CameraTrouble. */
  async open() {
    this.close();
    const { signal } = (this.#opening = new AbortController());
    // Browsers hide the camera altogether at an address that is not secure.
    if (!this.#devices?.getUserMedia) throw new CameraTrouble("camera_insecure");
    try {
      this.#take(await this.#ask(signal), signal);
      await this.#start(signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      this.close();
      throw error instanceof CameraTrouble ? error : new CameraTrouble("camera_lost");
    }
  }

  /** `word` is what an opening that is under way fails with. */
  close(word = "camera_lost") {
    this.#opening.abort(new CameraTrouble(word));
    this.#track?.stop();
    this.#track = null;
    this.#video.srcObject = null;
  }

  /** What the browser tells of the camera, without what would identify the device. */
  get settings() {
    const { deviceId, groupId, ...settings } = this.#track?.getSettings?.() ?? {};
    return settings;
  }

  /** A frame as it is, not mirrored: {takenAt, settings, jpeg}, jpeg a promise of its bytes. */
  async grab() {
    await this.#draw();
    return this.#hand();
  }

  /**
   * As `grab`, but a frame that is like none of `seen` and unlike the one before; its print joins
   * `seen`. A camera that goes on giving the same is opened anew, once.
   */
  async grabNew({ seen, signal }) {
    for (const isLast of [false, true]) {
      if (await this.#drawNew(seen, signal)) return this.#hand();
      if (!isLast) await this.open();
    }
    throw new CameraTrouble("camera_frozen");
  }

  /** A small frame as a JPEG's bytes, its longest side so many pixels; null without a picture. */
  preview(side, quality) {
    return this.#track && !this.#track.muted ? this.#easel.sketch(side, quality) : null;
  }

  async #ask(signal) {
    const wanted = { audio: false, video: { facingMode: this.#facing, ...SIZE } };
    for (const pause of [...PAUSES, null]) {
      try {
        return await this.#devices.getUserMedia(wanted);
      } catch (error) {
        const word = WORDS[error.name] ?? "camera_lost";
        if (word !== "camera_busy" || pause === null) throw new CameraTrouble(word);
      }
      await this.#clock.wait(pause);
      signal.throwIfAborted();
    }
    return null;
  }

  /** The stream is this camera's, unless it came too late. */
  #take(stream, signal) {
    const [track] = stream.getVideoTracks();
    if (signal.aborted) track.stop();
    signal.throwIfAborted();
    this.#track = track;
    this.#watch(track, signal);
    signal.throwIfAborted();
    // Without both, an iPad shows the picture over the whole screen, or not at all.
    Object.assign(this.#video, { muted: true, playsInline: true, srcObject: stream });
  }

  async #start(signal) {
    const tooLong = this.#clock.wait(LONGEST_START).then(() => {
      throw new CameraTrouble("camera_lost");
    });
    await Promise.race([this.#video.play(), tooLong]);
    const until = this.#clock.now() + LONGEST_BLACK;
    do {
      await this.#newFrame();
      signal.throwIfAborted();
    } while (this.#easel.isBlack && this.#clock.now() < until);
    if (!this.#easel.hasPicture) throw new CameraTrouble("camera_lost");
  }

  async #drawNew(seen, signal) {
    const until = this.#clock.now() + FROZEN_AFTER;
    do {
      await this.#draw();
      signal.throwIfAborted();
      // A muted track is black; it may come back.
      if (!this.#track?.muted && this.#easel.isNew(seen)) return true;
    } while (this.#clock.now() < until);
    return false;
  }

  async #draw() {
    for (let turn = 0; turn < LONGEST_TURN; turn += 1) {
      const frame = await this.#newFrame();
      if (!this.#track || !this.#easel.hasPicture) throw new CameraTrouble("camera_lost");
      this.#easel.draw();
      // The drawn size, for a turned tablet still reports its camera's.
      if (!frame || this.#easel.isOfSize(frame)) return;
    }
  }

  #hand() {
    return { takenAt: new Date(), settings: this.settings, jpeg: this.#encode() };
  }

  async #encode() {
    const bytes = await this.#easel.encode();
    if (!bytes) throw new CameraTrouble("camera_lost");
    return bytes;
  }

  /** Resolves when the next frame is shown, to its size where the browser tells it. */
  #newFrame() {
    return new Promise((resolve) => {
      this.#clock.wait(LONGEST_FRAME).then(() => resolve(null));
      if (!this.#video.requestVideoFrameCallback) resolve(null);
      this.#video.requestVideoFrameCallback?.((_now, frame) => resolve(frame));
    });
  }

  #watch(track, signal) {
    const page = this.#video.ownerDocument;
    const lose = (word) => {
      if (signal.aborted) return;
      this.close(word);
      this.#lost(word);
    };
    const loseIfMuted = async () => {
      await this.#clock.wait(LONGEST_MUTE);
      if (track.muted) lose("camera_lost");
    };
    // Out of sight, browsers still a camera, mute it or take it away, each in its own way.
    const loseIfHidden = () => page.visibilityState === "hidden" && lose("camera_hidden");
    track.addEventListener("ended", () => lose("camera_lost"), { signal });
    track.addEventListener("mute", loseIfMuted, { signal });
    page.addEventListener("visibilitychange", loseIfHidden, { signal });
    loseIfHidden();
  }
}
