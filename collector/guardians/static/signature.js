// A canvas to sign on with finger, pen or mouse; its picture is a PNG on white.
export class SignaturePad {
  #canvas;
  #pen;
  isEmpty = true;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.clear();
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#draw(event));
  }

  clear() {
    this.#pen.fillStyle = "#fff";
    this.#pen.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#pen.strokeStyle = "#12264a";
    this.#pen.lineWidth = 5;
    this.#pen.lineCap = "round";
    this.#pen.lineJoin = "round";
    this.isEmpty = true;
  }

  toDataUrl() {
    return this.#canvas.toDataURL("image/png");
  }

  #begin(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pen.beginPath();
    this.#pen.moveTo(...this.#place(event));
  }

  #draw(event) {
    if (!this.#canvas.hasPointerCapture(event.pointerId)) return;
    this.#pen.lineTo(...this.#place(event));
    this.#pen.stroke();
    this.isEmpty = false;
  }

  #place(event) {
    const shown = this.#canvas.getBoundingClientRect();
    const scale = this.#canvas.width / shown.width;
    return [(event.clientX - shown.left) * scale, (event.clientY - shown.top) * scale];
  }
}
