// A file that only the server can read: what still waits on a dying tablet, for an adult to carry.
// The form of the file is described in collector/dataset/rescue/envelope.py.
export const SIGN = "CE1 RESCUE 1\n";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const LENGTH = 4; // bytes before each frame

/**
 * The file's parts, each an ArrayBuffer. `sessions` say what is in it, each with its `photos`;
 * `read` resolves to a photo's bytes, null where they have arrived meanwhile; `serverKey` is the
 * server's public point (65 bytes, base64).
 */
export async function packRescue({ sessions, serverKey, read, crypto }) {
  const { frames, header } = await openFrames(serverKey, crypto);
  const parts = [header.buffer];
  const put = async (bytes) => parts.push(...(await frames.seal(bytes)));
  await put(new TextEncoder().encode(JSON.stringify({ sessions })));
  for (const { id } of sessions.flatMap(({ photos }) => photos)) {
    await put((await read(id)) ?? new ArrayBuffer(0));
  }
  return parts;
}

async function openFrames(serverKey, crypto) {
  const server = Uint8Array.from(atob(serverKey), (letter) => letter.charCodeAt(0));
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const its = await crypto.subtle.importKey("raw", server, CURVE, false, []);
  const agreed = await crypto.subtle.deriveBits({ name: "ECDH", public: its }, own.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", agreed, "HKDF", false, ["deriveKey"]);
  const sign = new TextEncoder().encode(SIGN);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: join(point, server), info: sign };
  const key = await crypto.subtle.deriveKey(
    derivation,
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const header = join(sign, point);
  return { header, frames: new Frames(key, header, crypto) };
}

/** Each frame has a nonce of its own: its number, for the key is used for this file alone. */
class Frames {
  #key;
  #header;
  #crypto;
  #number = 0;

  constructor(key, header, crypto) {
    this.#key = key;
    this.#header = header;
    this.#crypto = crypto;
  }

  async seal(bytes) {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, this.#number);
    this.#number += 1;
    const parameters = { name: "AES-GCM", iv, additionalData: this.#header };
    const sealed = await this.#crypto.subtle.encrypt(parameters, this.#key, bytes);
    const length = new DataView(new ArrayBuffer(LENGTH));
    length.setUint32(0, sealed.byteLength);
    return [length.buffer, sealed];
  }
}

function join(one, other) {
  const whole = new Uint8Array(one.length + other.length);
  whole.set(one);
  whole.set(other, one.length);
  return whole;
}
