// The child's own photos, as the server has them; a tap and one more throws one away.
export class Review {
  #grid;
  #dialog;
  #fetch;
  #bin;
  #nap;
  #label;
  #urls = new Map();

  /**
   * `fetch` resolves to a photo's thumbnail, `bin` resolves once it is erased, `nap` guards the
   * question against double taps, `label` names the photo by its place.
   */
  constructor({ grid, dialog, fetch, bin, nap, label }) {
    this.#grid = grid;
    this.#dialog = dialog;
    this.#fetch = fetch;
    this.#bin = bin;
    this.#nap = nap;
    this.#label = label;
    dialog.addEventListener("close", () => this.#answered());
    for (const button of dialog.querySelectorAll("button")) {
      button.addEventListener("click", () => dialog.close(button.value));
    }
  }

  /** A tile for a saved photo; its picture follows. */
  async add(id) {
    if (this.#tile(id)) return;
    const tile = document.createElement("button");
    const picture = document.createElement("img");
    picture.alt = this.#label(this.#grid.children.length + 1);
    tile.className = "photo";
    tile.dataset.photo = id;
    tile.append(picture);
    tile.addEventListener("click", () => this.#ask(id));
    this.#grid.append(tile);
    const blob = await this.#fetch(id).catch(() => null);
    if (blob && tile.isConnected) {
      this.#urls.set(id, URL.createObjectURL(blob));
      picture.src = this.#urls.get(id);
    } else {
      tile.remove();
    }
  }

  /** Lets go of the pictures. */
  close() {
    for (const id of [...this.#urls.keys()]) this.#release(id);
  }

  #ask(id) {
    if (!this.#urls.has(id)) return;
    this.#dialog.dataset.photo = id;
    this.#dialog.querySelector("img").src = this.#urls.get(id);
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
    this.#nap(this.#dialog);
  }

  async #answered() {
    if (this.#dialog.returnValue !== "throw") return;
    const id = this.#dialog.dataset.photo;
    const tile = this.#tile(id);
    tile.disabled = true;
    if (await this.#bin(id)) {
      tile.remove();
      this.#release(id);
    } else {
      tile.disabled = false;
    }
  }

  #tile(id) {
    return this.#grid.querySelector(`[data-photo="${id}"]`);
  }

  #release(id) {
    URL.revokeObjectURL(this.#urls.get(id));
    this.#urls.delete(id);
  }
}
