// What the reviewer sees: the desk's words put into the elements that it is handed.

function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// Two frames: the first is where the change is drawn, the second begins when it has been.
function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });
}

export class Screen {
  #elements;
  #words;
  #pending;
  #shown = 0;

  /** `pending()` says how many votes are on their way. */
  constructor(elements, words, pending) {
    this.#elements = elements;
    this.#words = words;
    this.#pending = pending;
  }

  /** Show the photo; resolves when it is painted, with whether the picture could be drawn. */
  async show(blob) {
    this.#shown += 1;
    const image = new Image();
    image.alt = this.#words.alt;
    image.draggable = false;
    const url = URL.createObjectURL(blob);
    image.src = url;
    const whole = await image.decode().then(
      () => true,
      () => false,
    );
    URL.revokeObjectURL(url);
    this.#elements.photo.replaceChildren(...(whole ? [image] : []));
    this.#become(whole ? "looking" : "broken");
    await painted();
    return whole;
  }

  /** There is no photo yet. */
  wait() {
    this.#shown += 1;
    const then = this.#shown;
    // The last photo stays for a moment, so that a short wait does not flicker.
    setTimeout(() => {
      if (then === this.#shown) this.#clear("waiting");
    }, 150);
  }

  /** There is nothing to do. */
  empty() {
    this.#shown += 1;
    this.#clear("empty");
  }

  progress({ voted, waiting }) {
    this.#elements.voted.textContent = voted;
    this.#elements.waiting.textContent = waiting;
    this.#elements.bar.max = Math.max(1, voted + waiting);
    this.#elements.bar.value = voted;
  }

  chosen(word) {
    this.#say(filled(this.#words.chosen, { word }));
  }

  undone() {
    this.#say(this.#words.undone);
  }

  nothingToUndo() {
    this.#say(this.#words.nothingToUndo);
  }

  refused(sentence) {
    this.#say(filled(this.#words.refused, { sentence }));
  }

  /** What keeps votes from being stored, or null. */
  trouble(kind) {
    const { trouble, troubleWords, signIn } = this.#elements;
    trouble.hidden = kind === null;
    signIn.hidden = kind !== "signedOut";
    if (kind === null) return;
    const kept = this.#pending() ? filled(this.#words.kept, { count: this.#pending() }) : "";
    const sentence = `${this.#words[kind]} ${kept}`.trim();
    // Said once, not at every try: a screen reader reads each change aloud.
    if (troubleWords.textContent !== sentence) troubleWords.textContent = sentence;
  }

  #clear(state) {
    this.#elements.photo.replaceChildren();
    this.#become(state);
  }

  #become(state) {
    this.#elements.root.dataset.state = state;
  }

  #say(sentence) {
    this.#elements.said.textContent = sentence;
  }
}
