import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import {
  Speech,
  localVoice,
  missingVoices,
  phrasesOf,
} from "../../collector/capture/static/child/speech.js";

const voice = (lang, changed = {}) => ({ lang, localService: true, default: false, ...changed });
const CLOUD = voice("kk-KZ", { localService: false });

class Utterance {
  constructor(text) {
    this.text = text;
  }
}

/** A device with voices; `spoken` is what it was given, `finish` ends the sentence. */
function device(voices) {
  const spoken = [];
  return {
    spoken,
    cancelled: 0,
    getVoices: () => voices,
    speak: (one) => spoken.push(one),
    cancel() {
      this.cancelled += 1;
    },
    addEventListener: () => {},
    finish: () => spoken.at(-1).onend(),
  };
}

/** An <audio> that plays what `canPlay` allows; `played` are the sources. */
function player(canPlay = () => true) {
  return {
    played: [],
    paused: 0,
    play() {
      this.played.push(this.src);
      return canPlay(this.src) ? Promise.resolve() : Promise.reject(new Error("unsupported"));
    },
    pause() {
      this.paused += 1;
    },
  };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));
const texts = (synthesis) => synthesis.spoken.map((one) => one.text);

beforeEach(() => {
  let number = 0;
  mock.method(URL, "createObjectURL", () => `blob:${(number += 1)}`);
  mock.method(URL, "revokeObjectURL", () => {});
});
afterEach(() => {
  for (const speech of open.splice(0)) speech.close();
  mock.restoreAll();
});
const open = [];

function speaking(changed = {}) {
  const tools = {
    synthesis: device([voice("ru-RU")]),
    Utterance,
    audio: player(),
    language: "ru",
    fetchSound: async (path) => `sound of ${path}`,
    ...changed,
  };
  const speech = new Speech(tools);
  open.push(speech);
  return { speech, ...tools };
}

test("a voice of the device itself speaks, the default one before others", () => {
  const mine = voice("ru_RU", { default: true });
  assert.equal(localVoice([voice("en-US"), voice("ru-RU"), mine], "ru"), mine);
  assert.equal(localVoice([voice("kaz-KAZ")], "kk").lang, "kaz-KAZ");
});

test("a voice from elsewhere is never used, nor one of another language", () => {
  assert.equal(localVoice([CLOUD, voice("ru-RU")], "kk"), undefined);
  assert.equal(localVoice([voice("ukm-XX")], "uk"), undefined);
});

test("missing voices are named, once the device knows its own", async () => {
  const known = device([voice("ru-RU"), CLOUD, voice("en-GB")]);
  const languages = ["ru", "kk", "uk", "en"];
  assert.deepEqual(await missingVoices(languages, { synthesis: known }), ["kk", "uk"]);
  assert.deepEqual(await missingVoices(languages, { synthesis: undefined }), languages);
});

test("a device that fetches its voices later is waited for", async () => {
  const found = [];
  const late = { ...device(found), addEventListener: (_name, told) => setTimeout(told, 5) };
  const asked = missingVoices(["kk"], { synthesis: late });
  found.push(voice("kk-KZ"));
  assert.deepEqual(await asked, []);
});

test("one text is said after the other", async () => {
  const { speech, synthesis } = speaking();
  const said = speech.say(["раз", "два"]);
  assert.deepEqual(texts(synthesis), ["раз"]);
  assert.equal(synthesis.spoken[0].voice.lang, "ru-RU");
  synthesis.finish();
  await soon();
  assert.deepEqual(texts(synthesis), ["раз", "два"]);
  synthesis.finish();
  await said;
});

test("a new screen breaks off what is being said, and the rest is not said", async () => {
  const { speech, synthesis } = speaking();
  speech.say(["раз", "два"]);
  speech.say(["три"]);
  await soon();
  assert.deepEqual(texts(synthesis), ["раз", "три"]);
  assert.equal(synthesis.cancelled, 1);
});

test("without a voice of its own the device stays silent", async () => {
  const { speech, synthesis } = speaking({ synthesis: device([CLOUD]), language: "kk" });
  await speech.say(["бір"]);
  assert.deepEqual(texts(synthesis), []);
  assert.equal(await speech.canSpeak(), false);
  assert.equal(await speech.lacks(["бір"]), true);
});

test("an operator's recording goes before the device's voice, and is fetched once", async () => {
  const fetched = [];
  const fetchSound = async (path) => fetched.push(path);
  const { speech, synthesis, audio } = speaking({ recordings: { раз: "voices/1" }, fetchSound });
  for (let time = 0; time < 2; time += 1) {
    const said = speech.say(["раз"]);
    await soon();
    audio.onended();
    await said;
  }
  assert.deepEqual(audio.played, ["blob:1", "blob:1"]);
  assert.deepEqual([fetched, texts(synthesis)], [["voices/1"], []]);
});

test("a recording that cannot be had or played is spoken by the device", async () => {
  const broken = async () => Promise.reject(new Error("offline"));
  for (const changed of [{ fetchSound: broken }, { audio: player(() => false) }]) {
    const { speech, synthesis } = speaking({ recordings: { раз: "voices/1" }, ...changed });
    speech.say(["раз"]);
    await soon();
    assert.deepEqual(texts(synthesis), ["раз"]);
  }
});

test("a recording that arrives after its screen has gone is not played", async () => {
  let arrive;
  const fetchSound = () => new Promise((resolve) => (arrive = resolve));
  const { speech, audio } = speaking({ recordings: { раз: "voices/1" }, fetchSound });
  speech.say(["раз"]);
  speech.cancel();
  arrive("sound");
  await soon();
  assert.deepEqual(audio.played, []);
});

test("recordings of all phrases make up for a missing voice, some of them do not", async () => {
  const recordings = { бір: "voices/1" };
  const { speech } = speaking({ synthesis: device([]), language: "kk", recordings });
  mock.timers.enable({ apis: ["setTimeout"] });
  assert.equal(await speech.lacks(["бір"]), false);
  const asked = speech.lacks(["бір", "екі"]);
  mock.timers.tick(2000);
  assert.equal(await asked, true);
  assert.equal(await speech.canSpeak(), true);
  mock.timers.reset();
});

test("the phrases of a session are its words and stories, without places to fill in", () => {
  const words = {
    hello: "Hello!", taken: "Photos: {count}", help_denied: "For the adult", star: "A star!",
  };
  const plan = { steps: [{ story: "A story.", pose: "" }, { story: "A story.", pose: "Up." }] };
  assert.deepEqual(phrasesOf({ words, plan }), ["Hello!", "A star!", "A story.", "Up."]);
});
