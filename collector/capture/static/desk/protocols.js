// The protocols' editor: another row of the table for another step.
const rows = document.querySelector(".step-rows tbody");
const button = document.querySelector("[data-add-step]");

button.hidden = false;
button.addEventListener("click", () => {
  const row = rows.lastElementChild.cloneNode(true);
  rows.append(row);
  row.querySelector("select").focus();
});
