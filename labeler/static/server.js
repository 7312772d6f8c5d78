// What the review screen asks of the server. Answers are plain objects: { trouble } may pass and
// is asked again, { refused } is final and holds a sentence, anything else is what was wanted.

const PATIENCE = 20_000;

async function sentenceOf(response) {
  try {
    return (await response.json()).error ?? "";
  } catch {
    return "";
  }
}

async function refusalOf(response) {
  if (response.status === 401) return { trouble: "signedOut" };
  if (response.status === 400) return { trouble: "expired" };
  if (response.status === 429 || response.status >= 500) return { trouble: "lost" };
  return { refused: await sentenceOf(response) };
}

/** `paths` are those of `queue`, `last`, `votes` and, to be followed by an id, `photos`. */
export function makeServer(fetch, paths, csrfToken) {
  async function ask(path, read, options = {}) {
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const response = await fetch(path, { cache: "no-store", signal, ...options });
      return response.ok ? await read(response) : await refusalOf(response);
    } catch {
      return { trouble: "lost" };
    }
  }
  const json = (response) => response.json();
  return {
    lease: (count) => ask(`${paths.queue}?count=${count}`, json),
    last: () => ask(paths.last, json),
    photo: (id) => ask(paths.photos + id, async (response) => ({ id, blob: await response.blob() })),
    vote: (vote) =>
      ask(paths.votes, json, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken },
        body: JSON.stringify(vote),
      }),
  };
}
