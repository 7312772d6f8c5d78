// A receipt's code comes behind the address's #: browsers do not send that part, so no log has it.

/** The code's digits, and the address without them; null where the address bears none. */
export function takeCode({ location, history }) {
  const code = decode(location.hash.slice(1)).replace(/\D/g, "");
  if (!location.hash) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return code ? inFours(code) : null;
}

/** Digits as a receipt prints them, easy to compare. */
export function inFours(digits) {
  return digits.replace(/(\d{4})(?=\d)/g, "$1 ");
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
