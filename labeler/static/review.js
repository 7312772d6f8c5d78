// The review page's wiring: its elements to the desk, its keys and buttons to judgements.
import { Desk } from "./desk.js";
import { meaningOf } from "./keys.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { Screen } from "./screen.js";
import { makeServer } from "./server.js";

const LOOK_AGAIN = 30_000;

const root = document.querySelector("#review");
const find = (name) => root.querySelector(`[data-part="${name}"]`);
const parts = ["photo", "voted", "waiting", "bar", "said", "trouble", "troubleWords", "signIn"];
const elements = { root, ...Object.fromEntries(parts.map((name) => [name, find(name)])) };
const words = JSON.parse(document.querySelector("#words").textContent);
const csrfToken = document.querySelector('meta[name="csrf-token"]').content;

const screen = new Screen(elements, words, () => outbox.size);
const server = makeServer(window.fetch.bind(window), root.dataset, csrfToken);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const line = new Line(sleep, (trouble) => screen.trouble(trouble));
const outbox = new Outbox(
  (vote) => line.ask(() => server.vote(vote)),
  (sentence) => screen.refused(sentence),
);
const now = () => performance.now();
const desk = new Desk({ server, line, outbox, screen, now, newId: newIdentifier });

const reasons = find("reasons");
const reasonsButton = root.querySelector('[data-act="reasons"][aria-expanded]');

// randomUUID is missing where the page came over plain HTTP from another machine.
function newIdentifier() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function openReasons(open) {
  if (open === !reasons.hidden) return;
  reasons.hidden = !open;
  find("classes").hidden = open;
  reasonsButton.setAttribute("aria-expanded", String(open));
  (open ? reasons.querySelector("[data-reason]") : reasonsButton).focus({ preventScroll: true });
}

function judge(button) {
  const { verdict, emotion, reason } = button.dataset;
  if (!desk.judge({ verdict, emotion, reason })) return;
  openReasons(false);
  screen.chosen(button.dataset.word);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 180);
}

function act(button) {
  if (button.dataset.act === "reasons") openReasons(reasons.hidden);
  else if (button.dataset.act === "undo") {
    openReasons(false);
    desk.undo();
  } else if (button.dataset.act === "look") desk.tend();
  else if (button.dataset.act === "try") line.tryNow();
  else if (button.dataset.verdict) judge(button);
}

function buttonFor(meaning) {
  if (meaning.act === "emotion") return root.querySelector(`[data-digit="${meaning.digit}"]`);
  if (meaning.act === "reason") return reasons.querySelector(`[data-letter="${meaning.letter}"]`);
  if (meaning.act === "unsure") return root.querySelector('[data-verdict="unsure"]');
  return root.querySelector(`[data-act="${meaning.act}"]`);
}

function press(event) {
  if (event.target.closest("input, select, textarea")) return;
  const meaning = meaningOf(event, { choosingReason: !reasons.hidden });
  const onButton = event.target.closest("#review button") && /^( |Enter)$/.test(event.key);
  const button = meaning && buttonFor(meaning);
  // A held key presses once, and a held Enter must not press its button over and over.
  if (button || (onButton && event.repeat)) event.preventDefault();
  if (button && !event.repeat) act(button);
}

document.addEventListener("keydown", press);
root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) act(button);
});
window.addEventListener("online", () => line.tryNow());
window.addEventListener("beforeunload", (event) => {
  if (outbox.size > 0) event.preventDefault();
});
setInterval(() => {
  if (root.dataset.state === "empty" && !document.hidden) desk.tend();
}, LOOK_AGAIN);

desk.tend();
