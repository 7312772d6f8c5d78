// The consent form: which fields belong to which way of signing, the drawn signature, the scan.
// Files travel as base64 in a field: multipart bodies would be spooled to the server's disk.
import { send } from "/static/forms.js";
import { SignaturePad } from "./signature.js";

const MAX_BYTES = 15 * 1024 * 1024;

const form = document.querySelector("#consent-form");
const trouble = document.querySelector("#form-trouble");
const pad = new SignaturePad(form.querySelector("canvas"));
const file = document.querySelector("#scan-file");

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

function readFile(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
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
document.querySelector("#clear-signature").addEventListener("click", () => pad.clear());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const reason = await attachDocument();
  if (reason) return complain(trouble.dataset[reason]);
  const { page, sentence } = await send(form, window.fetch.bind(window));
  return page ? location.assign(page) : complain(sentence);
});
showFieldsOfMethod();
