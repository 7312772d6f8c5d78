// Recording a sentence by the microphone, for as long as is allowed at most.

// AAC first: every tablet plays it, Opus in WebM only newer ones. What a browser puts into an MP4
// when nobody names the codec may be Opus, which is refused: that is the last resort, for Safari.
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/mp4"];
const BITS = 64_000; // a second; 15 seconds are 117 KiB

/** Why there is no recording; `word` names the sentence to show. */
export class RecordingTrouble extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

const WORDS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing" };

/** The first kind that this browser records, undefined where it can record none that is taken. */
export function kindFor(MediaRecorder) {
  return KINDS.find((kind) => MediaRecorder?.isTypeSupported?.(kind));
}

export class Recorder {
  #devices;
  #MediaRecorder;
  #seconds;
  #recorder = null;

  constructor({ devices, MediaRecorder, seconds }) {
    this.#devices = devices;
    this.#MediaRecorder = MediaRecorder;
    this.#seconds = seconds;
  }

  get canRecord() {
    return Boolean(this.#devices?.getUserMedia && kindFor(this.#MediaRecorder));
  }

  /** Resolves to the sound as a blob once it is stopped; rejects with RecordingTrouble. */
  async record() {
    this.stop();
    const stream = await this.#open();
    try {
      return await this.#take(stream);
    } finally {
      for (const track of stream.getTracks()) track.stop();
    }
  }

  /** The sentence is said. */
  stop() {
    if (this.#recorder?.state === "recording") this.#recorder.stop();
  }

  async #open() {
    if (!this.canRecord) throw new RecordingTrouble("unable");
    try {
      return await this.#devices.getUserMedia({ audio: { channelCount: 1 }, video: false });
    } catch (error) {
      throw new RecordingTrouble(WORDS[error.name] ?? "missing");
    }
  }

  async #take(stream) {
    const kind = kindFor(this.#MediaRecorder);
    const recorder = new this.#MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: BITS });
    const pieces = [];
    this.#recorder = recorder;
    recorder.addEventListener("dataavailable", ({ data }) => data.size && pieces.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    const timer = setTimeout(() => this.stop(), this.#seconds * 1000);
    recorder.start();
    await stopped;
    clearTimeout(timer);
    if (!pieces.length) throw new RecordingTrouble("silent");
    return new Blob(pieces, { type: kind });
  }
}
