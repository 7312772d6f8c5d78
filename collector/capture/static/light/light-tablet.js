// The tablet's page that measures a light passport: the token behind the #, words from the server.
import { furnishSheet } from "./sheet-view.js";

const root = document.querySelector("#light");
const address = new URL("../api/light", document.baseURI);
const language = new URLSearchParams(location.search).get("language");

function send({ method = "PUT", body, headers } = {}) {
  return fetch(address, {
    method,
    body,
    headers: {
      ...headers,
      "Light-Token": location.hash.slice(1),
      ...(language && { "Accept-Language": language }),
    },
    credentials: "omit",
    cache: "no-store",
  });
}

function show({ room, sentence, proposal, done }) {
  for (const [slot, text] of Object.entries({ room, sentence, proposal })) {
    const element = root.querySelector(`[data-slot=${slot}]`);
    element.textContent = text;
    element.hidden = !text;
  }
  root.dataset.done = done;
}

function speak(words) {
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = words[element.dataset.word];
  }
}

/** Where one side was dark the seat may be turned, and the light measured again. */
function again(words, answer) {
  show(answer);
  const button = root.querySelector("[data-act=open]");
  button.hidden = answer.done;
  button.textContent = words.again;
  if (!answer.done) root.querySelector("[role=status]").hidden = true;
}

function refuse(sentence) {
  root.querySelector(".fallback").hidden = false;
  const status = root.querySelector("[role=status]");
  status.hidden = !sentence;
  status.textContent = sentence;
}

async function main() {
  addEventListener("hashchange", () => location.reload());
  const answer = await send({ method: "GET" }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (!answer?.ok) return refuse(said?.error ?? "");
  const { words } = said;
  document.documentElement.lang = said.language;
  document.title = words.title;
  speak(words);
  furnishSheet(root, { words, send, measured: (found) => again(words, found) });
  root.querySelector(".measuring").hidden = said.done;
  return show(said);
}

main();
