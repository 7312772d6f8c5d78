// Which system this is, as far as its help for a camera differs.

/** "ipad" for Apple's tablets and telephones, "android", "windows", or "other". */
export function systemOf({ userAgent = "", maxTouchPoints = 0 }) {
  if (/iPad|iPhone|iPod/.test(userAgent)) return "ipad";
  // An iPad says that it is a Mac; no Mac has a touch screen.
  if (/Macintosh/.test(userAgent) && maxTouchPoints > 1) return "ipad";
  if (/Android/.test(userAgent)) return "android";
  return /Windows/.test(userAgent) ? "windows" : "other";
}

/** The word of what the adult can do about a camera's trouble; "" where the child can tap again. */
export function helpFor(trouble, navigator) {
  if (trouble === "camera_denied") return `help_denied_${systemOf(navigator)}`;
  return HELP[trouble] ?? "";
}

const HELP = {
  camera_busy: "help_busy",
  no_camera: "help_no_camera",
  camera_insecure: "help_insecure",
  camera_frozen: "help_frozen",
};
