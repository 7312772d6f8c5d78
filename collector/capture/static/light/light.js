// The operator's page of a light passport: measuring with this machine's own camera.
import { furnishSheet } from "./sheet-view.js";

const root = document.querySelector("#sheet");
const token = document.querySelector("meta[name=csrf-token]").content;

furnishSheet(root, {
  words: JSON.parse(root.dataset.words),
  send: ({ body, headers }) =>
    fetch(root.dataset.address, {
      method: "POST",
      body,
      headers: { ...headers, Accept: "application/json", "X-CSRFToken": token },
    }),
  measured: () => location.reload(),
});
