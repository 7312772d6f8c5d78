// The page "Bring in waiting photos": sends the chosen file as it is, and shows what became of it.
const form = document.querySelector("#rescue");
const [file, button, told] = ["input", "button", "[role=status]"].map((one) => form.querySelector(one));
const { working, unreachable } = form.dataset;
const token = document.querySelector("meta[name=csrf-token]").content;

function tell(sentences, isBad = false) {
  const lines = sentences.map((sentence) => {
    const line = document.createElement("p");
    line.textContent = sentence;
    return line;
  });
  told.replaceChildren(...lines);
  told.classList.toggle("bad", isBad);
  told.hidden = false;
}

async function bringIn(body) {
  const headers = {
    Accept: "application/json",
    "Content-Type": "application/octet-stream",
    "X-CSRFToken": token,
  };
  const answer = await fetch(form.action, { method: "POST", body, headers });
  const said = await answer.json();
  if (answer.ok) tell(said.sentences, !said.complete);
  else tell([said.error], true);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  tell([working]);
  await bringIn(file.files[0]).catch(() => tell([unreachable], true));
  button.disabled = false;
});
