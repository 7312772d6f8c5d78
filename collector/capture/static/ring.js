// The ring around the child's own picture: it fills while the numbers count down.
export class Ring {
  #ring;
  #number;

  constructor(ring) {
    this.#ring = ring;
    this.#number = ring.querySelector(".number");
  }

  /** `left` of so many seconds; none when the photos are being taken. */
  count = (left, seconds) => {
    if (left === seconds) this.#fill(0, true);
    this.#number.textContent = left || "";
    this.#ring.classList.toggle("shooting", !left);
    // A second's number is shown while its part of the ring fills.
    this.#fill(left ? (seconds - left + 1) / seconds : 1);
  };

  #fill(part, isSudden = false) {
    this.#ring.classList.toggle("sudden", isSudden);
    this.#ring.style.setProperty("--part", String(part));
    this.#ring.getBoundingClientRect(); // drawn so before the next change
  }
}
