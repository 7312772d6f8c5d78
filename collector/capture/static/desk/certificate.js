// The mascot on pages of adults, where a place asks for it.
import { drawMascot } from "../child/mascot.js";

for (const place of document.querySelectorAll("[data-mascot]")) {
  place.append(drawMascot(place.dataset.mascot, document));
}
