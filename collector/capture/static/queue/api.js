// What the page asks of the server: the session's token in a header, never a cookie.

/** The server understood and says no; asking again changes nothing. */
export class Refused extends Error {
  constructor(status, sentence, code) {
    super(sentence);
    Object.assign(this, { status, sentence, code });
  }

  get isErased() {
    return this.code === "erased";
  }
}

/** No answer of ours came: no network, a busy server, another's page in between. Ask again. */
export class Unreachable extends Error {}

// Too slow, too early, too many: refusals that time puts right.
const PASSING = new Set([408, 425, 429]);

export class Api {
  #base;
  #token;
  #fetch;
  #patience;
  #header;

  constructor({ base, token, fetch, patience = 60_000, header = "Session-Token" }) {
    this.#header = header;
    this.#base = base;
    this.#token = token;
    this.#fetch = fetch;
    this.#patience = patience;
  }

  /** JSON to a place of its own: what bears another kind of token. */
  call(method, path, body) {
    return this.#json(method, path, body && JSON.stringify(body));
  }

  session() {
    return this.#json("GET", "session");
  }

  answerAssent(answer) {
    return this.#json("POST", "assent", JSON.stringify({ answer }));
  }

  send({ id, bytes, details }) {
    return this.#json("PUT", `photos/${id}`, bytes, {
      "Content-Type": "image/jpeg",
      "Photo-Details": asciiJson(details),
    });
  }

  async thumbnail(id) {
    return (await this.#ask("GET", `photos/${id}/thumbnail`)).blob();
  }

  /** A phrase in an operator's voice, from where the session says it is. */
  async voice(path) {
    return (await this.#ask("GET", path)).blob();
  }

  /** What the child should change; the server forgets the frame. Asked once: advice comes late. */
  guide(frame, pose) {
    const headers = { "Content-Type": "image/jpeg" };
    return this.#json("POST", `guidance?head_pose=${encodeURIComponent(pose)}`, frame, headers);
  }

  bin(id) {
    return this.#ask("DELETE", `photos/${id}`);
  }

  close(how, announced) {
    return this.#json("POST", "close", JSON.stringify({ how, announced }));
  }

  answerAfterStop(answer, announced) {
    return this.#json("POST", "after-stop", JSON.stringify({ answer, announced }));
  }

  async #json(method, path, body, headers) {
    const answer = await this.#ask(method, path, body, headers);
    // A school's sign-in page answers 200 to everything, with a page of its own.
    return answer.json().catch(() => {
      throw new Unreachable("the answer is not ours");
    });
  }

  async #ask(method, path, body, headers = { "Content-Type": "application/json" }) {
    const answer = await this.#fetch(new URL(path, this.#base), {
      method,
      body,
      headers: { ...(body && headers), [this.#header]: this.#token },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(this.#patience),
    }).catch((error) => {
      throw new Unreachable(error.message);
    });
    if (answer.ok) return answer;
    throw await refusalOf(answer);
  }
}

async function refusalOf(answer) {
  const said = await answer.json().catch(() => null);
  const isOurs = answer.status < 500 && typeof said?.error === "string";
  if (!isOurs || PASSING.has(answer.status)) return new Unreachable(`status ${answer.status}`);
  return new Refused(answer.status, said.error, said.code);
}

/** JSON that a header may carry. */
export function asciiJson(value) {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
