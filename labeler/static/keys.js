// What a press means on the review screen. The digits are the classes' own, fixed for ever.

// Letters are read by what they write, or where the layout writes no Latin ones, by their place.
function letterOf(press) {
  if (/^[a-z]$/i.test(press.key)) return press.key.toUpperCase();
  return /^Key[A-Z]$/.test(press.code) ? press.code[3] : "";
}

// On some layouts the row of digits writes signs, so its places count, shifted or not.
function digitOf(press) {
  const place = /^Digit([1-8])$/.exec(press.code ?? "");
  if (place) return Number(place[1]);
  return /^[1-8]$/.test(press.key) ? Number(press.key) : 0;
}

function isUndo(press) {
  if (press.altKey || press.shiftKey) return false;
  const held = press.ctrlKey || press.metaKey;
  return held ? letterOf(press) === "Z" : press.key === "Backspace";
}

/** The meaning of a press, or null. While the reasons are open no digit is an emotion. */
export function meaningOf(press, { choosingReason }) {
  if (isUndo(press)) return { act: "undo" };
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const letter = letterOf(press);
  if (letter === "X") return { act: "reasons" };
  if (letter === "U") return { act: "unsure" };
  if (choosingReason) {
    if (press.key === "Escape") return { act: "reasons" };
    return letter ? { act: "reason", letter } : null;
  }
  const digit = digitOf(press);
  return digit ? { act: "emotion", digit } : null;
}
