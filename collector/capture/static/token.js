// The session's token comes behind the address's #, and is moved out of sight at once.
const NAME = "session-token";

/** The token, from the address or from before a reload; null without one. */
export function takeToken({ location, history, storage }) {
  const token = location.hash.slice(1);
  if (!token) return storage.getItem(NAME);
  storage.setItem(NAME, token);
  history.replaceState(null, "", location.pathname + location.search);
  return token;
}
