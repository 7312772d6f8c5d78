// The camera and the two buttons that measure a sheet, on the operator's page and on a tablet's.
import { asciiJson } from "../queue/api.js";
import { Camera } from "../camera/camera.js";
import { Sheet } from "./sheet.js";

/**
 * Furnishes `root` with a sheet to measure: `words` by their short names; `send` takes a request's
 * body and headers and resolves to the server's answer; `measured` hears that, once.
 */
export function furnishSheet(root, { words, send, measured }) {
  const find = (selector) => root.querySelector(selector);
  const [aim, video, status] = [".aim", "video", "[role=status]"].map(find);
  const [open, measure] = ["[data-act=open]", "[data-act=measure]"].map(find);

  function told(word, answer) {
    const isOn = ["aim", "measuring", "refused", "unreachable"].includes(word);
    // A picture that is not shown at all never comes, in some browsers.
    aim.hidden = !isOn && word !== "opening";
    open.hidden = isOn || word === "measured";
    open.disabled = word === "opening";
    measure.hidden = !isOn;
    measure.disabled = word === "measuring";
    status.hidden = word === "opening";
    status.textContent = answer?.error ?? words[word] ?? "";
    status.classList.toggle("bad", !["aim", "measuring", "measured"].includes(word));
    if (word === "measured") measured(answer);
  }

  const camera = new Camera({
    devices: navigator.mediaDevices,
    video,
    canvas: find("canvas"),
    lost: told,
  });
  const ask = async (body, settings) => {
    const details = asciiJson({ settings });
    const headers = { "Content-Type": "image/jpeg", "Photo-Details": details };
    const answer = await send({ body, headers });
    const said = await answer.json();
    return answer.ok || said.error ? said : Promise.reject(new Error("not ours"));
  };
  const sheet = new Sheet({ camera, ask, told });
  open.hidden = false;
  // The square is half of the shorter side, which changes when a tablet is turned.
  video.addEventListener("resize", () => {
    aim.classList.toggle("upright", video.videoHeight > video.videoWidth);
  });
  open.addEventListener("click", () => sheet.open());
  measure.addEventListener("click", () => sheet.measure());
}
