// The page “Voices”: record a phrase, listen, keep it or try again.
import { Recorder } from "./recording.js";

const page = document.querySelector("#voices");
const csrf = document.querySelector("meta[name=csrf-token]").content;
const { address, language, most, seconds } = page.dataset;
const recorder = new Recorder({
  devices: navigator.mediaDevices,
  MediaRecorder: globalThis.MediaRecorder,
  seconds: Number(seconds),
});
const audio = new Audio();
const taken = new Map(); // what was recorded and is not kept yet, by its phrase's line

const show = (line, wanted) => {
  for (const button of line.querySelectorAll("[data-do]")) {
    button.hidden = !wanted.includes(button.dataset.do);
  }
};
const say = (line, word, sentence = page.dataset[word]) => {
  line.querySelector("[role=status]").textContent = sentence;
};
const isKept = (line) => Boolean(line.querySelector("[data-do=hear]").dataset.sound);
const rest = (line) => {
  const again = recorder.canRecord && !("unused" in line.dataset) ? ["record"] : [];
  show(line, isKept(line) ? [...again, "hear", "delete"] : again);
};

async function record(line) {
  audio.pause();
  show(line, ["stop"]);
  say(line, "recording");
  try {
    const blob = await recorder.record();
    if (blob.size > Number(most)) throw Object.assign(new Error(), { word: "long" });
    taken.set(line, blob);
    show(line, ["record", "hear", "keep", "discard"]);
    say(line, "recorded");
  } catch (trouble) {
    rest(line);
    say(line, trouble.word ?? "unable");
  }
}

function hear(line) {
  const blob = taken.get(line);
  audio.src = blob ? URL.createObjectURL(blob) : line.querySelector("[data-do=hear]").dataset.sound;
  audio.play();
}

async function keep(line) {
  const body = { language, phrase: line.dataset.phrase, audio: await base64(taken.get(line)) };
  const said = await send(line, address, body);
  if (!said) return;
  taken.delete(line);
  line.querySelector("[data-do=hear]").dataset.sound = said.sound;
  line.querySelector("[data-do=delete]").dataset.address = said.delete;
  rest(line);
  say(line, "kept");
}

function discard(line) {
  taken.delete(line);
  rest(line);
  say(line, "", "");
}

async function remove(line) {
  const button = line.querySelector("[data-do=delete]");
  if (!(await send(line, button.dataset.address, {}))) return;
  button.dataset.address = line.querySelector("[data-do=hear]").dataset.sound = "";
  rest(line);
  say(line, "deleted");
}

/** The answer; null where there was none or a refusal, which the line then tells. */
async function send(line, to, fields) {
  const answer = await fetch(to, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json", "X-CSRFToken": csrf },
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok && said) return said;
  say(line, "", said?.error ?? page.dataset.unreachable);
  return null;
}

function base64(blob) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.split(",").pop()));
    reader.readAsDataURL(blob);
  });
}

const acts = { record, hear, keep, discard, delete: remove, stop: () => recorder.stop() };
page.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) acts[button.dataset.do](button.closest("li"));
});

for (const line of page.querySelectorAll("li")) rest(line);
if (!recorder.canRecord) {
  const trouble = page.querySelector("[data-trouble]");
  trouble.hidden = false;
  trouble.textContent = page.dataset.unable;
}
