// The class page keeps itself up to date: where a part has changed, it is taken from the server anew.
const EVERY = 2500;

const here = location.href.split("#")[0];
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const unreachable = document.querySelector("[data-unreachable]");

/** The parts whose key is another one at the server; all parts of the page bear one. */
function changedParts(keys) {
  const parts = [...document.querySelectorAll("[data-key]")];
  return parts.filter((part) => part.dataset.key !== keys[part.id]);
}

function isStrange(keys) {
  return Object.keys(keys).some((id) => !document.getElementById(id));
}

async function ask(address, accept) {
  const answer = await fetch(address, { cache: "no-store", headers: { Accept: accept } });
  // Signed out meanwhile, or the lesson's child list is another one: begin anew.
  if (answer.status === 401 || answer.status === 404) location.reload();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

async function refresh(parts) {
  const text = await (await ask(here, "text/html")).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of parts) {
    const found = fresh.getElementById(part.id);
    if (found) part.replaceWith(document.importNode(found, true));
    else part.remove();
  }
}

function markBusy(busy) {
  for (const button of document.querySelectorAll("button[name=tablet]")) {
    button.disabled = busy.includes(button.value);
  }
}

async function look() {
  const { keys, busy } = await (await ask(`${here}/board`, "application/json")).json();
  if (isStrange(keys)) return location.reload();
  const parts = changedParts(keys);
  if (parts.length) await refresh(parts);
  markBusy(busy);
  return null;
}

for (;;) {
  await wait(EVERY);
  if (document.visibilityState === "visible") {
    const isHeard = await look().then(() => true, () => false);
    unreachable.hidden = isHeard;
  }
}
