// What is on the screen: one template at a time, filled with words, guarded against double taps.
import { drawMascot } from "./mascot.js";

// A child taps twice; the second tap must not answer a question that it has not seen.
const NAP = 2000;

/** Sentences by name, `{count}` and other places in them filled in. */
export function speaker(words) {
  return (word, values = {}) =>
    Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(`{${name}}`, String(value)),
      words[word] ?? "",
    );
}

/** The elements of the page that stay from screen to screen. */
export function pageParts(find, document) {
  const { body } = document;
  const [art, ring, screen] = [find(".art"), find(".ring"), find(".screen")];
  return { body, art, ring, screen, stop: find(".stop"), templates: find("#templates") };
}

/** The day, as the language writes it. */
export function today(language, now = new Date()) {
  return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(now);
}

export class Screens {
  #page;
  #say;
  #wait;
  #naps = new WeakMap();

  /** `page` holds the elements that stay: body, art, ring, screen, stop, templates. */
  constructor({ page, say, wait }) {
    this.#page = page;
    this.#say = say;
    this.#wait = wait;
    this.#fillWords(page.body);
  }

  /**
   * Shows a screen. `slots` are texts by place; `pose` is the mascot's, none where the child sees
   * itself (`isRing`); `template` where the screen has more than one face.
   */
  show(name, { template = name, slots = {}, pose = null, isRing = false, canStop = false }) {
    const { body, screen, art, ring, stop } = this.#page;
    screen.replaceChildren(this.#copy(template));
    this.#fillWords(screen);
    for (const [place, text] of Object.entries(slots)) this.put(place, text);
    art.replaceChildren(...(pose ? [drawMascot(pose, art.ownerDocument)] : []));
    art.hidden = !pose;
    ring.hidden = !isRing;
    stop.hidden = !canStop;
    body.dataset.screen = name;
    body.ownerDocument.defaultView.scrollTo(0, 0);
    this.find("h1").focus({ preventScroll: true });
    this.nap(screen);
  }

  /** The text at a place of this screen, if it has the place. */
  put(place, text) {
    const found = this.find(`[data-slot="${place}"]`);
    if (found) found.textContent = text;
  }

  /** The parts of the page that a child is told about. */
  get parts() {
    return [this.#page.screen, this.#page.stop.parentElement];
  }

  find(selector) {
    return this.#page.screen.querySelector(selector);
  }

  /** The buttons under `parent` sleep for two seconds. */
  async nap(parent) {
    const nap = this.hold(parent);
    await this.#wait(NAP);
    if (this.#naps.get(parent) !== nap) return;
    for (const button of nap.buttons) button.disabled = false;
  }

  /** The buttons under `parent` sleep until the next screen. */
  hold(parent = this.#page.screen) {
    const nap = { buttons: [...parent.querySelectorAll("button")] };
    for (const button of nap.buttons) button.disabled = true;
    this.#naps.set(parent, nap);
    return nap;
  }

  #copy(name) {
    const template = this.#page.templates.querySelector(`[data-template="${name}"]`);
    return template.content.cloneNode(true);
  }

  #fillWords(parent) {
    for (const place of parent.querySelectorAll("[data-word]")) {
      place.textContent = this.#say(place.dataset.word);
    }
  }
}

/** A row of `all` stars, `count` of them collected. */
export function fillStars(row, count, all) {
  const [first] = row.children;
  while (row.children.length < all) row.append(first.cloneNode(true));
  [...row.children].forEach((star, place) => star.classList.toggle("won", place < count));
}
