// Every text of the child's page aloud: an operator's recording first, else the tablet's own voice.
// A voice that is not on the tablet itself would send the text elsewhere, and is never used.

// Some Androids name languages by three letters.
const LONG_NAMES = { rus: "ru", kaz: "kk", ukr: "uk", eng: "en" };
const LOADING = 1500; // browsers fetch the list of their voices when it is first asked for
const LONGEST = 30_000; // some browsers forget to say that a sentence is over

/** The device's own voice for a language; undefined without one. */
export function localVoice(voices, language) {
  const fitting = voices.filter((one) => one.localService && languageOf(one) === language);
  return fitting.find((one) => one.default) ?? fitting[0];
}

/** Of these languages those that this device cannot speak by itself, once it knows its voices. */
export async function missingVoices(languages, { synthesis = globalThis.speechSynthesis } = {}) {
  const voices = await loadVoices(synthesis);
  return languages.filter((language) => !localVoice(voices, language));
}

// Beside those whose name begins with help_; as in words.py.
const FOR_ADULTS = ["offline", "unkept", "back", "listen"];
const ADULTS_PARTS = /^(help_|rescue)/;

/** What a session may have to say to a child, texts with numbers to fill in aside. */
export function phrasesOf({ words, plan }) {
  const told = plan.steps.flatMap(({ story, pose }) => [story, pose]);
  const said = Object.entries(words)
    .filter(([name]) => !FOR_ADULTS.includes(name) && !ADULTS_PARTS.test(name))
    .map(([, text]) => text)
    .filter((text) => !/\{\w+\}/.test(text));
  return [...new Set([...said, ...told])].filter(Boolean);
}

export class Speech {
  #synthesis;
  #Utterance;
  #audio;
  #language;
  #recordings;
  #fetchSound;
  #sounds = new Map();
  #turn = null;
  #hush = () => {};
  #isAwake = false;

  /**
   * `recordings` says where a phrase is recorded, `fetchSound` resolves to the blob from there;
   * `audio` is the page's one <audio>, for iOS plays by itself only what a tap has played before.
   */
  constructor({ synthesis, Utterance, audio, language, recordings = {}, fetchSound }) {
    this.#synthesis = synthesis;
    this.#Utterance = Utterance;
    this.#audio = audio;
    this.#language = language;
    this.#recordings = new Map(Object.entries(recordings));
    this.#fetchSound = fetchSound;
  }

  /** Whether there is anything to listen to at all; resolves when the device knows its voices. */
  async canSpeak() {
    return this.#recordings.size > 0 || !(await this.#lacksVoice());
  }

  /** Whether one of the phrases can be heard in no way. */
  async lacks(phrases) {
    const isRecorded = phrases.every((phrase) => this.#recordings.has(phrase));
    return !isRecorded && this.#lacksVoice();
  }

  /** In a tap: from now on the browser lets the page speak by itself. */
  wake() {
    if (this.#isAwake) return;
    this.#isAwake = true;
    if (this.#turn) return; // it speaks already
    this.#audio.src = silence();
    this.#audio.play().catch(() => {});
    if (this.#voice) this.#synthesis.speak(new this.#Utterance(""));
  }

  /** Says one text after the other; what was being said is broken off. */
  async say(texts) {
    this.cancel();
    const turn = (this.#turn = {});
    for (const text of texts) {
      if (this.#turn !== turn) return;
      await this.#sayOne(text, turn);
    }
    if (this.#turn === turn) this.#turn = null;
  }

  cancel() {
    if (!this.#turn) return;
    this.#turn = null;
    this.#hush();
    this.#audio.pause();
    this.#synthesis?.cancel();
  }

  /** Silent for ever: the session is over. */
  close() {
    this.cancel();
    for (const sound of this.#sounds.values()) sound.then((url) => url && URL.revokeObjectURL(url));
    this.#sounds.clear();
  }

  get #voice() {
    return localVoice(this.#synthesis?.getVoices() ?? [], this.#language);
  }

  async #lacksVoice() {
    return (await missingVoices([this.#language], { synthesis: this.#synthesis })).length > 0;
  }

  async #sayOne(text, turn) {
    if (this.#recordings.has(text)) {
      const url = await this.#soundOf(text);
      if (this.#turn !== turn) return;
      if (url && (await this.#play(url))) return;
      if (this.#turn !== turn) return;
    }
    if (this.#voice) await this.#speak(text);
  }

  /** The address of a phrase's sound in memory, null where it could not be had. */
  #soundOf(text) {
    if (!this.#sounds.has(text)) {
      const fetched = this.#fetchSound(this.#recordings.get(text));
      const kept = fetched.then((blob) => URL.createObjectURL(blob)).catch(() => null);
      this.#sounds.set(text, kept);
      // Tried again when it is wanted again.
      kept.then((url) => url || this.#sounds.delete(text));
    }
    return this.#sounds.get(text);
  }

  /** Resolves when the sound is over, to whether it could be played. */
  #play(url) {
    return new Promise((resolve) => {
      this.#hush = () => resolve(true);
      this.#audio.onended = () => resolve(true);
      this.#audio.onerror = () => resolve(false);
      this.#audio.src = url;
      this.#audio.play().catch(() => resolve(false));
    });
  }

  #speak(text) {
    return new Promise((resolve) => {
      const utterance = new this.#Utterance(text);
      const timer = setTimeout(resolve, LONGEST);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#hush = done;
      const voice = this.#voice;
      Object.assign(utterance, { voice, lang: voice.lang, rate: 0.9, onend: done, onerror: done });
      this.#synthesis.speak(utterance);
    });
  }
}

function languageOf({ lang }) {
  const [name] = lang.toLowerCase().split(/[-_]/);
  return LONG_NAMES[name] ?? name;
}

async function loadVoices(synthesis) {
  if (!synthesis) return [];
  if (synthesis.getVoices().length) return synthesis.getVoices();
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, LOADING);
    synthesis.addEventListener?.(
      "voiceschanged",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
  return synthesis.getVoices();
}

/** The address of a moment without sound, as WAV: 8-bit mono, 8000 samples a second. */
function silence() {
  const samples = 80;
  const bytes = new Uint8Array(44 + samples).fill(128);
  const view = new DataView(bytes.buffer);
  const write = (at, text) => [...text].forEach((one, n) => view.setUint8(at + n, one.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + samples, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8000, true);
  view.setUint32(28, 8000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  write(36, "data");
  view.setUint32(40, samples, true);
  return URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
}
