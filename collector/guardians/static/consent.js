// The consent form: which document is read, which fields belong to which way of signing, the drawn
// signature, the scan.
import { send } from "/static/forms.js";
import { MAX_BYTES, readFile } from "./files.js";
import { SignaturePad } from "./signature.js";

const form = document.querySelector("#consent-form");
const trouble = document.querySelector("#form-trouble");
const pad = new SignaturePad(form.querySelector("canvas"));
const file = document.querySelector("#scan-file");
const documents = document.querySelector(".document");

function showFieldsOfMethod() {
  const method = form.elements.method.value;
  for (const part of form.querySelectorAll("[data-method]")) {
    part.hidden = !part.dataset.method.split(" ").includes(method);
  }
}

function complain(sentence) {
  trouble.textContent = sentence;
  trouble.hidden = false;
}

// All documents are in the page: another language or form keeps what was entered.
function showChosenDocument() {
  const chosen = document.querySelector("[name=text]:checked");
  for (const text of documents.querySelectorAll("article")) {
    text.hidden = text.dataset.text !== chosen.value;
  }
  documents.scrollTop = 0;
  const blank = chosen.hasAttribute("data-blank");
  form.hidden = blank;
  document.querySelector("#blanks").hidden = !blank;
  document.querySelector("#print").href = chosen.dataset.print;
}

async function attachDocument() {
  const method = form.elements.method.value;
  if (method === "screen") {
    if (pad.isEmpty) return "unsigned";
    form.elements.signature.value = pad.toDataUrl();
  }
  if (method === "scan") {
    const scan = file.files[0];
    if (!scan) return "unscanned";
    if (scan.size > MAX_BYTES) return "large";
    form.elements.scan.value = await readFile(scan);
  }
  return null;
}

form.addEventListener("change", showFieldsOfMethod);
for (const choice of document.querySelectorAll("[name=text]")) {
  choice.addEventListener("change", showChosenDocument);
}
document.querySelector("#clear-signature").addEventListener("click", () => pad.clear());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const reason = await attachDocument();
  if (reason) return complain(trouble.dataset[reason]);
  event.submitter.disabled = true; // a second click would record a second answer
  const { page, sentence } = await send(form, window.fetch.bind(window));
  if (page) return location.assign(page);
  event.submitter.disabled = false;
  return complain(sentence);
});
showFieldsOfMethod();
showChosenDocument(); // a browser that comes back may have kept another choice
