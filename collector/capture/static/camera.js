// The front camera: opening it, taking frames from it, and saying what is wrong with it.

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

const QUALITY = 0.92;
// A track may be muted for a moment while it starts or turns.
const LONGEST_MUTE = 1500;
// Some browsers never call back for a paused picture; then the frame at hand is taken.
const LONGEST_FRAME = 250;

export class Camera {
  #devices;
  #video;
  #canvas;
  #lost;
  #facing;
  #track = null;

  /**
   * `lost` hears once when an opened camera stops giving pictures; `facing` is "user" for the front
   * camera, "environment" for the one at the back, where there are two.
   */
  constructor({ devices, video, canvas, lost, facing = "user" }) {
    this.#devices = devices;
    this.#video = video;
    this.#canvas = canvas;
    this.#lost = lost;
    this.#facing = facing;
  }

  /** Raises CameraTrouble. */
  async open() {
    this.close();
    // Browsers hide the camera altogether at an address that is not secure.
    if (!this.#devices?.getUserMedia) throw new CameraTrouble("camera_insecure");
    try {
      const stream = await this.#devices.getUserMedia({
        audio: false,
        video: { facingMode: this.#facing, ...SIZE },
      });
      this.#watch(stream.getVideoTracks()[0]);
      this.#video.srcObject = stream;
      await this.#video.play();
    } catch (error) {
      this.close();
      throw new CameraTrouble(WORDS[error.name] ?? "camera_lost");
    }
  }

  close() {
    this.#track?.stop();
    this.#track = null;
    this.#video.srcObject = null;
  }

  /** What the browser tells of the camera, without what would identify the device. */
  get settings() {
    const { deviceId, groupId, ...settings } = this.#track?.getSettings?.() ?? {};
    return settings;
  }

  /** A frame as it is, not mirrored: {takenAt, jpeg}, jpeg a promise of its bytes. */
  async grab() {
    await this.#newFrame();
    // The drawn size, for a turned tablet still reports its camera's.
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.#track || !width) throw new CameraTrouble("camera_lost");
    Object.assign(this.#canvas, { width, height });
    this.#canvas.getContext("2d", { alpha: false }).drawImage(this.#video, 0, 0, width, height);
    return { takenAt: new Date(), jpeg: this.#encode() };
  }

  #encode() {
    return new Promise((resolve, reject) => {
      const done = (blob) =>
        blob ? resolve(blob.arrayBuffer()) : reject(new CameraTrouble("camera_lost"));
      this.#canvas.toBlob(done, "image/jpeg", QUALITY);
    });
  }

  #newFrame() {
    return new Promise((resolve) => {
      setTimeout(resolve, LONGEST_FRAME);
      this.#video.requestVideoFrameCallback?.(resolve) ?? resolve();
    });
  }

  #watch(track) {
    this.#track = track;
    const lose = () => {
      if (this.#track !== track) return;
      this.close();
      this.#lost("camera_lost");
    };
    track.addEventListener("ended", lose);
    track.addEventListener("mute", () => {
      setTimeout(() => track.muted && lose(), LONGEST_MUTE);
    });
  }
}
