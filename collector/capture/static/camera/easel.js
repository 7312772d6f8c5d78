// Where the camera's picture is drawn: whole for a photo, small to be compared or sent for advice.
import { PRINT, isBlack, printOf } from "./prints.js";

const QUALITY = 0.92;

export class Easel {
  #video;
  #canvas;
  #small;
  #sketch;
  #last = null;

  constructor({ video, canvas }) {
    this.#video = video;
    this.#canvas = canvas;
    this.#small = canvas.cloneNode();
    this.#sketch = canvas.cloneNode();
    Object.assign(this.#small, PRINT);
  }

  get hasPicture() {
    return this.#video.videoWidth > 0;
  }

  /** Whether the picture at hand is black, or there is none. */
  get isBlack() {
    return !this.hasPicture || isBlack(this.#pixels(this.#video));
  }

  /** The picture at hand, in its own size and not mirrored. */
  draw() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    this.#paint(this.#canvas, width, height);
  }

  /** Whether what was drawn is as large as this frame. */
  isOfSize({ width, height }) {
    return this.#canvas.width === width && this.#canvas.height === height;
  }

  /** Whether what was drawn differs from the new one before and from all `seen`, which it joins. */
  isNew(seen) {
    const print = printOf(this.#pixels(this.#canvas));
    if (print === this.#last || seen.has(print)) return false;
    this.#last = print;
    seen.add(print);
    return true;
  }

  /** Resolves to the drawn picture as a JPEG's bytes; to null where the browser cannot. */
  encode() {
    return bytesOf(this.#canvas, QUALITY);
  }

  /** The picture at hand as a small JPEG, its longest side so many pixels; null without one. */
  sketch(side, quality) {
    if (!this.hasPicture) return null;
    const { videoWidth: width, videoHeight: height } = this.#video;
    const scale = Math.min(1, side / Math.max(width, height));
    this.#paint(this.#sketch, Math.round(width * scale), Math.round(height * scale));
    return bytesOf(this.#sketch, quality);
  }

  #paint(canvas, width, height) {
    Object.assign(canvas, { width, height });
    canvas.getContext("2d", { alpha: false }).drawImage(this.#video, 0, 0, width, height);
  }

  #pixels(picture) {
    const { width, height } = PRINT;
    const context = this.#small.getContext("2d", { alpha: false, willReadFrequently: true });
    context.drawImage(picture, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  }
}

function bytesOf(canvas, quality) {
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(blob?.arrayBuffer() ?? null), "image/jpeg", quality);
  });
}
