// The connection test's page: shows what the probes found.
import { judgeCamera, judgeTrust, measureWay } from "./probes.js";

const checks = document.getElementById("checks");
const again = document.getElementById("again");
const times = document.getElementById("times");

function show(verdicts) {
  for (const note of checks.querySelectorAll("[data-verdict]")) {
    note.hidden = !verdicts.includes(note.dataset.verdict);
  }
  for (const help of checks.querySelectorAll("[data-help]")) {
    help.hidden = !help.dataset.help.split(" ").some((one) => verdicts.includes(one));
  }
}

async function test() {
  again.disabled = true;
  show([]);
  const [trust, camera, way] = await Promise.all([
    judgeTrust(window.isSecureContext, navigator.serviceWorker, checks.dataset.worker),
    judgeCamera(navigator.mediaDevices),
    measureWay(checks.dataset.ping),
  ]);
  times.hidden = way.middle === null;
  times.value = times.dataset.words.replace(/\{(\w+)\}/g, (_whole, name) => way[name]);
  show([trust, camera, way.verdict]);
  again.disabled = false;
}

again.addEventListener("click", test);
test();
