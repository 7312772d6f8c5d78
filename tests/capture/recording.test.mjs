import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { Recorder, kindFor } from "../../collector/capture/static/desk/recording.js";

afterEach(() => mock.timers.reset());

/** A browser's recorder that records these kinds; `made` are those that were begun. */
function recorderFor(...kinds) {
  return class FakeRecorder extends EventTarget {
    static made = [];
    static isTypeSupported = (kind) => kinds.includes(kind);
    state = "inactive";
    sound = [{ size: 3 }];

    constructor(stream, options) {
      super();
      this.options = options;
      FakeRecorder.made.push(this);
    }

    start() {
      this.state = "recording";
    }

    stop() {
      this.state = "inactive";
      for (const data of this.sound) {
        this.dispatchEvent(Object.assign(new Event("dataavailable"), { data }));
      }
      this.dispatchEvent(new Event("stop"));
    }
  };
}

function microphone(refusal = null) {
  const track = { isStopped: false, stop: () => (track.isStopped = true) };
  const getUserMedia = async () => {
    if (refusal) throw Object.assign(new Error(), { name: refusal });
    return { getTracks: () => [track] };
  };
  return { devices: { getUserMedia }, track };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));
const WEBM = "audio/webm;codecs=opus";

test("what every tablet plays is recorded where the browser can", () => {
  const aac = "audio/mp4;codecs=mp4a.40.2";
  assert.equal(kindFor(recorderFor("audio/mp4", WEBM, aac)), aac);
  assert.equal(kindFor(recorderFor("audio/mp4", WEBM)), WEBM);
  assert.equal(kindFor(recorderFor("audio/mp4")), "audio/mp4");
  assert.equal(kindFor(recorderFor(WEBM)), WEBM);
  assert.equal(kindFor(recorderFor("audio/ogg")), undefined);
  assert.equal(kindFor(undefined), undefined);
});

test("a recording ends with a tap, and the microphone is let go", async () => {
  const { devices, track } = microphone();
  const recorder = new Recorder({ devices, MediaRecorder: recorderFor(WEBM), seconds: 15 });
  const recorded = recorder.record();
  await soon();
  assert.equal(track.isStopped, false);
  recorder.stop();
  assert.equal((await recorded).type, WEBM);
  assert.equal(track.isStopped, true);
});

test("a recording stops by itself when its time is over", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { devices, track } = microphone();
  const recorder = new Recorder({ devices, MediaRecorder: recorderFor(WEBM), seconds: 15 });
  const recorded = recorder.record();
  await soon();
  mock.timers.tick(14_999);
  assert.equal(track.isStopped, false);
  mock.timers.tick(1);
  await recorded;
  assert.equal(track.isStopped, true);
});

test("what is wrong has a word of its own", async () => {
  const word = async (tools) => {
    const MediaRecorder = recorderFor(WEBM);
    const recorder = new Recorder({ devices: microphone().devices, MediaRecorder, ...tools });
    return recorder.record().catch((trouble) => trouble.word);
  };
  assert.equal(await word({ devices: microphone("NotAllowedError").devices }), "denied");
  assert.equal(await word({ devices: microphone("NotFoundError").devices }), "missing");
  assert.equal(await word({ devices: undefined }), "unable");
  assert.equal(await word({ MediaRecorder: recorderFor() }), "unable");
});

test("a recording without sound is none, and the microphone is let go", async () => {
  const { devices, track } = microphone();
  const MediaRecorder = recorderFor(WEBM);
  const recorder = new Recorder({ devices, MediaRecorder, seconds: 15 });
  const recorded = recorder.record();
  await soon();
  MediaRecorder.made[0].sound = [{ size: 0 }];
  recorder.stop();
  await assert.rejects(recorded, { word: "silent" });
  assert.equal(track.isStopped, true);
});
