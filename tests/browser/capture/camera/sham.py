"""A camera that a script plays, where no file can: it stalls, turns, goes dark, ends."""

from playwright.sync_api import Page

# Red above, blue below, and a little noise, thirty times a second; `sham` is what tests turn.
SCRIPT = """
(() => {
  const sham = { opened: 0, failures: [], isFrozen: false, isBlack: false, size: [640, 360] };
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const draw = () => {
    const [width, height] = sham.size;
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    if (sham.isFrozen) return context.drawImage(canvas, 0, 0); // the same picture once more
    context.fillStyle = sham.isBlack ? "#000" : "#c83c28";
    context.fillRect(0, 0, width, height / 2);
    context.fillStyle = sham.isBlack ? "#000" : "#283cc8";
    context.fillRect(0, height / 2, width, height / 2);
    if (sham.isBlack) return;
    for (let count = 0; count < 200; count += 1) {
      context.fillStyle = `rgb(${Math.random() * 255} 120 120)`;
      context.fillRect(Math.random() * width, Math.random() * height, 9, 9);
    }
  };
  sham.open = async () => {
    sham.opened += 1;
    const failure = sham.failures.shift();
    if (failure) throw new DOMException("", failure);
    draw();
    sham.track = canvas.captureStream(30).getVideoTracks()[0];
    return new MediaStream([sham.track]);
  };
  setInterval(draw, 33);
  window.sham = sham;
  navigator.mediaDevices.getUserMedia = sham.open;
})();
"""


def with_sham_camera(page: Page) -> None:
    """Before the page is opened. Guidance is left out: it would wait for a face."""
    page.add_init_script(SCRIPT)
    page.route("**/capture/api/guidance*", lambda route: route.abort())


def turn(page: Page, **changed: object) -> None:
    """Change the camera: isFrozen, isBlack, size, failures."""
    page.evaluate("(changed) => Object.assign(window.sham, changed)", changed)
