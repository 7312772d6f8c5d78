// Scans: each chosen file becomes a form beside its picture, with what its code says filled in.
import { MAX_BYTES, readFile } from "./files.js";

const page = document.querySelector("#scans");
const chooser = document.querySelector("#scan-files");
const template = document.querySelector("#scan-card");
let turn = Promise.resolve(); // one after the other: reading a code keeps the server busy

class Refused extends Error {}

async function ask(address, fields) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.error);
  return told;
}

function shownPicture(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/jpeg" });
}

class Card {
  constructor(file) {
    this.file = file;
    this.root = template.content.firstElementChild.cloneNode(true);
    this.form = this.part("form");
    this.part("[data-name]").textContent = file.name;
    this.form.addEventListener("submit", (event) => this.send(event));
    this.part("[data-drop]").addEventListener("click", () => this.root.remove());
    page.append(this.root);
    this.say("waiting");
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  say(state, sentence = "") {
    this.root.dataset.state = state;
    const line = this.part("[role=status]");
    line.textContent = sentence || page.dataset[state] || "";
    line.className = state === "refused" ? "note bad" : "note";
    line.hidden = !line.textContent;
  }

  complain(error) {
    this.say("refused", error instanceof Refused ? error.message : page.dataset.lost);
  }

  show(blob) {
    const picture = this.part("img");
    picture.src = URL.createObjectURL(blob);
    picture.hidden = false;
  }

  async read() {
    this.say("reading");
    try {
      if (this.file.size > MAX_BYTES) throw new Refused(page.dataset.large);
      this.scan = await readFile(this.file);
      const told = await ask(page.dataset.read, { csrf_token: this.token, scan: this.scan });
      this.show(told.picture ? shownPicture(told.picture) : this.file);
      this.fill(told);
      this.form.hidden = false;
    } catch (error) {
      this.complain(error);
    }
  }

  get token() {
    return this.form.elements.csrf_token.value;
  }

  fill(told) {
    if (!told.participant) return this.say("unread");
    for (const [name, value, words] of [
      ["participant", told.participant, told.pseudonym],
      ["text", told.text, told.document],
    ]) {
      const select = this.form.elements[name];
      if (![...select.options].some((one) => one.value === value)) {
        select.add(new Option(words, value)); // an older version of the document
      }
      select.value = value;
    }
    this.part("[data-choose]").hidden = true;
    this.part("[data-found]").hidden = false;
    this.part("[data-pseudonym]").textContent = told.pseudonym;
    this.part("[data-document]").textContent = told.document;
    return told.known ? this.say("known", told.known) : this.say("found");
  }

  async send(event) {
    event.preventDefault();
    const button = this.part("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    try {
      const fields = new FormData(this.form);
      fields.set("scan", this.scan);
      const { pseudonym, address } = await ask(page.dataset.file, fields);
      this.form.hidden = true;
      this.part("[data-child]").href = address;
      this.part("[data-child]").textContent = pseudonym;
      this.part("[data-filed]").hidden = false;
      this.say("filed");
    } catch (error) {
      this.complain(error);
    }
    button.disabled = false;
  }
}

chooser.addEventListener("change", () => {
  for (const card of [...chooser.files].map((file) => new Card(file))) {
    turn = turn.then(() => card.read());
  }
  chooser.value = "";
});
