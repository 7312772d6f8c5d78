// The ring around the child's own picture: it fills while the numbers count down, and shows where to
// look and how to sit. The picture is a mirror, so the child's own left is on the left.
const DIRECTIONS = new Set(["left", "right", "up", "down"]);

export class Ring {
  #ring;
  #number;
  #turn;
  #arrow;
  #advice;

  constructor(ring) {
    this.#ring = ring;
    this.#number = ring.querySelector(".number");
    this.#turn = ring.querySelector(".turn");
    this.#arrow = ring.querySelector(".guide");
    this.#advice = ring.querySelector(".advice");
  }

  /** `left` of so many seconds; none when the photos are being taken. */
  count = (left, seconds) => {
    if (left === seconds) this.#fill(0, true);
    this.#number.textContent = left || "";
    this.#ring.classList.toggle("shooting", !left);
    // A second's number is shown while its part of the ring fills.
    this.#fill(left ? (seconds - left + 1) / seconds : 1);
  };

  /** Where the head is to look: left, right, up or down as the child has them; else no arrow. */
  point(pose) {
    aim(this.#turn, DIRECTIONS.has(pose) ? pose : null);
  }

  /** How to sit: an arrow, a colour and a sentence; `advice` is null where nothing is known. */
  advise(advice, arrow, sentence) {
    this.#ring.dataset.advice = advice ?? "";
    aim(this.#arrow, arrow);
    this.#advice.textContent = sentence;
    this.#advice.hidden = !sentence;
  }

  #fill(part, isSudden = false) {
    this.#ring.classList.toggle("sudden", isSudden);
    this.#ring.style.setProperty("--part", String(part));
    this.#ring.getBoundingClientRect(); // drawn so before the next change
  }
}

function aim(arrow, direction) {
  // SVG elements have no property for it.
  arrow.toggleAttribute("hidden", !direction);
  if (direction) arrow.dataset.to = direction;
}
