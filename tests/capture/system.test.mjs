import assert from "node:assert/strict";
import { test } from "node:test";
import { helpFor, systemOf } from "../../collector/capture/static/camera/system.js";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15";
const AGENTS = [
  ["ipad", "Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", 5],
  ["ipad", `${MAC} (KHTML, like Gecko) Version/17.4 Safari/605.1.15`, 5],
  ["other", `${MAC} (KHTML, like Gecko) Version/17.4 Safari/605.1.15`, 0],
  ["android", "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 Chrome/124.0", 5],
  ["windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0", 10],
  ["other", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/124.0", 0],
  ["other", undefined, undefined],
];

for (const [system, userAgent, maxTouchPoints] of AGENTS) {
  test(`${userAgent} with ${maxTouchPoints} fingers is ${system}`, () => {
    assert.equal(systemOf({ userAgent, maxTouchPoints }), system);
    const word = helpFor("camera_denied", { userAgent, maxTouchPoints });
    assert.equal(word, `help_denied_${system}`);
  });
}

test("each other trouble has its help; where the child can go on alone there is none", () => {
  assert.equal(helpFor("camera_busy", {}), "help_busy");
  assert.equal(helpFor("no_camera", {}), "help_no_camera");
  assert.equal(helpFor("camera_insecure", {}), "help_insecure");
  assert.equal(helpFor("camera_frozen", {}), "help_frozen");
  assert.equal(helpFor("camera_hidden", {}), "");
});
