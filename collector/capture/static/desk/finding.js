// The page "Find by card": its camera, and what it says.
import { Camera } from "../camera/camera.js";
import { Scanner } from "./scanner.js";

const finder = document.querySelector("#finder");
const video = finder.querySelector("video");
const status = finder.querySelector("[role=status]");
const button = finder.querySelector("button");
const { address, looking, troubled, unreachable } = finder.dataset;
const token = document.querySelector("meta[name=csrf-token]").content;

function say(sentence, isBad) {
  status.textContent = sentence;
  status.classList.toggle("bad", isBad);
}

function told(word, sentence) {
  if (word === "looking") say(looking, false);
  else say(word === "refused" ? sentence : unreachable, true);
}

async function ask(body) {
  const headers = { Accept: "application/json", "Content-Type": "image/jpeg", "X-CSRFToken": token };
  const answer = await fetch(address, { method: "POST", body, headers });
  const said = await answer.json();
  return answer.ok ? said : { sentence: said.error };
}

function fail() {
  video.hidden = true;
  button.disabled = false;
  say(troubled, true);
}

async function look() {
  button.disabled = true;
  const camera = new Camera({
    devices: navigator.mediaDevices,
    video,
    canvas: finder.querySelector("canvas"),
    lost: fail,
    facing: "environment",
  });
  try {
    await camera.open();
    video.hidden = false;
    const grab = async () => (await camera.grab()).jpeg;
    const page = await new Scanner({ grab, ask, told }).run();
    camera.close();
    location.assign(page);
  } catch {
    camera.close();
    fail();
  }
}

button.addEventListener("click", look);
