// Sealing what waits on this tablet: AES-GCM under a key that no script can read.
const ALGORITHM = { name: "AES-GCM", length: 256 };
const NONCE = 12; // bytes, the length that NIST SP 800-38D recommends for GCM

/** A new key; it can be kept in IndexedDB, and never be taken out of the browser. */
export function newKey(crypto) {
  return crypto.subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);
}

export class Seal {
  #key;
  #crypto;

  constructor(key, crypto) {
    this.#key = key;
    this.#crypto = crypto;
  }

  /** Nonce, ciphertext and tag in one ArrayBuffer; `context` must be the same when it is opened. */
  async close(bytes, context) {
    const nonce = this.#crypto.getRandomValues(new Uint8Array(NONCE));
    const sealed = await this.#crypto.subtle.encrypt(parameters(nonce, context), this.#key, bytes);
    const whole = new Uint8Array(NONCE + sealed.byteLength);
    whole.set(nonce);
    whole.set(new Uint8Array(sealed), NONCE);
    return whole.buffer;
  }

  /** The bytes; rejects where they were altered, or sealed under another key or context. */
  open(sealed, context) {
    const nonce = new Uint8Array(sealed, 0, NONCE);
    const rest = new Uint8Array(sealed, NONCE);
    return this.#crypto.subtle.decrypt(parameters(nonce, context), this.#key, rest);
  }

  closeValue(value, context) {
    return this.close(new TextEncoder().encode(JSON.stringify(value)), context);
  }

  async openValue(sealed, context) {
    return JSON.parse(new TextDecoder().decode(await this.open(sealed, context)));
  }
}

function parameters(nonce, context) {
  return { name: ALGORITHM.name, iv: nonce, additionalData: new TextEncoder().encode(context) };
}

/** Where the address is not secure browsers offer no sealing, and no camera either. */
export class Unsealed {
  async close(bytes) {
    return bytes;
  }

  async open(sealed) {
    return sealed;
  }

  async closeValue(value) {
    return JSON.stringify(value);
  }

  async openValue(sealed) {
    return JSON.parse(sealed);
  }
}
