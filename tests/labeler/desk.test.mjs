// The reviewer's desk: what is shown next, and which presses count.
import assert from "node:assert/strict";
import test from "node:test";

import { Desk, TOO_SOON } from "../../labeler/static/desk.js";
import { Line } from "../../labeler/static/line.js";
import { Outbox } from "../../labeler/static/outbox.js";

/** The queue's rules in memory: photos by id, the votes that stand, and whether it answers. */
class Queue {
  standing = [];
  arrived = [];
  away = false;
  gone = new Set();
  fetched = [];

  constructor(...ids) {
    this.ids = ids;
  }

  async #answer(content) {
    await new Promise(setImmediate);
    return this.away ? { trouble: "lost" } : content();
  }

  lease = (count) =>
    this.#answer(() => {
      const open = this.ids.filter((id) => !this.standing.includes(id) && !this.gone.has(id));
      return {
        photos: open.slice(0, count),
        waiting: open.length,
        voted: this.standing.length,
      };
    });
  last = () => this.#answer(() => ({ photo: this.standing.at(-1) ?? null }));
  photo = (id) =>
    this.#answer(() => {
      this.fetched.push(id);
      return this.gone.has(id) ? { refused: "" } : { id, blob: `picture of ${id}` };
    });
  vote = (vote) =>
    this.#answer(() => {
      if (this.gone.has(vote.photo_id)) return { refused: "There is no such photo." };
      this.arrived.push(vote);
      this.standing = this.standing.filter((id) => id !== vote.photo_id);
      if (vote.verdict !== "undone") this.standing.push(vote.photo_id);
      return { vote: vote.vote_id };
    });
}

/** Notes what the reviewer would see; a picture is painted when `paint` says so, or at once. */
class Wall {
  seen = [];
  counts = null;
  slow = false;
  unreadable = false;
  #painters = [];

  async show(blob) {
    if (this.slow) await new Promise((painted) => this.#painters.push(painted));
    this.seen.push(blob.replace("picture of ", ""));
    return !this.unreadable;
  }

  paint() {
    this.#painters.shift()();
  }

  wait = () => this.seen.push("waiting");
  empty = () => this.seen.push("empty");
  undone = () => this.seen.push("undone");
  nothingToUndo = () => this.seen.push("nothing to undo");
  refused = (sentence) => this.seen.push(`refused: ${sentence}`);
  progress = (counts) => {
    this.counts = counts;
  };
}

async function desk(...ids) {
  const server = new Queue(...ids);
  const screen = new Wall();
  const time = { now: 0 };
  let number = 0;
  const line = new Line(() => new Promise(() => {}), () => {});
  const outbox = new Outbox(
    (vote) => line.ask(() => server.vote(vote)),
    (sentence) => screen.refused(sentence),
  );
  const made = new Desk({
    server,
    line,
    outbox,
    screen,
    now: () => time.now,
    newId: () => `vote ${(number += 1)}`,
  });
  await made.tend();
  const settle = async () => {
    for (let turn = 0; turn < 40; turn += 1) await new Promise(setImmediate);
  };
  const look = async (ms = 1000) => {
    await settle();
    time.now += ms;
  };
  return { desk: made, server, screen, line, outbox, time, look, settle };
}

const emotion = (name) => ({ verdict: "emotion", emotion: name });

test("the photos come one after the other and each vote names the photo in sight", async () => {
  const { desk: table, server, screen, look } = await desk("a", "b", "c");
  for (const name of ["happy", "sad", "fear"]) {
    await look();
    assert.equal(table.judge(emotion(name)), true);
  }
  await look();
  assert.deepEqual(
    server.arrived.map((vote) => [vote.photo_id, vote.emotion]),
    [["a", "happy"], ["b", "sad"], ["c", "fear"]],
  );
  assert.deepEqual(screen.seen.filter((one) => one !== "waiting"), ["a", "b", "c", "empty"]);
  assert.deepEqual(screen.counts, { voted: 3, waiting: 0 });
});

test("a vote carries every field, its own id, and the time since the photo was painted", async () => {
  const { desk: table, server, look } = await desk("a", "b");
  await look(1234.4);
  table.judge({ verdict: "not_usable", reason: "blurred" });
  await look();
  assert.deepEqual(server.arrived, [
    {
      vote_id: "vote 1",
      photo_id: "a",
      verdict: "not_usable",
      emotion: null,
      reason: "blurred",
      milliseconds: 1234,
    },
  ]);
});

test("the next photo is there before it is wanted and is fetched once", async () => {
  const { desk: table, server, screen, look, settle } = await desk("a", "b", "c");
  await look();
  assert.deepEqual(server.fetched, ["a", "b"]);
  table.judge(emotion("happy"));
  await Promise.resolve();
  assert.deepEqual(screen.seen, ["a", "b"]);
  await settle();
  assert.deepEqual(server.fetched, ["a", "b", "c"]);
});

test("a second press at once does not label the next photo", async () => {
  const { desk: table, server, time, look } = await desk("a", "b");
  await look();
  assert.equal(table.judge(emotion("happy")), true);
  assert.equal(table.judge(emotion("happy")), false);
  await look(TOO_SOON - 1);
  assert.equal(table.judge(emotion("happy")), false);
  time.now += 1;
  assert.equal(table.judge(emotion("sad")), true);
  await look();
  assert.deepEqual(server.arrived.map((vote) => vote.emotion), ["happy", "sad"]);
});

test("nothing counts before the photo is painted", async () => {
  const { desk: table, server, screen, look, settle } = await desk("a", "b");
  screen.slow = true;
  await look();
  table.judge(emotion("happy"));
  await look(5000);
  assert.equal(table.judge(emotion("sad")), false);
  screen.paint();
  await look();
  assert.equal(table.judge(emotion("sad")), true);
  await settle();
  assert.equal(server.arrived[1].milliseconds, 1000);
});

test("nothing counts before there is a photo", async () => {
  const { desk: table, screen, server } = await desk();
  assert.equal(table.judge(emotion("happy")), false);
  assert.deepEqual(screen.seen, ["empty"]);
  assert.deepEqual(server.arrived, []);
});

test("a picture that cannot be drawn may only be called not usable", async () => {
  const { desk: table, server, screen, look, settle } = await desk();
  screen.unreadable = true;
  server.ids = ["a"];
  await table.tend();
  await look();
  assert.equal(table.judge(emotion("happy")), false);
  assert.equal(table.judge({ verdict: "unsure" }), false);
  assert.equal(table.judge({ verdict: "not_usable", reason: "other" }), true);
  await settle();
  assert.equal(server.arrived.length, 1);
});

test("a vote that is lost on its way is kept and sent again with the same id", async () => {
  const { desk: table, server, line, outbox, look, settle } = await desk("a", "b", "c");
  await look();
  server.away = true;
  table.judge(emotion("happy"));
  await look();
  assert.equal(outbox.size, 1);
  assert.equal(line.trouble, "lost");
  assert.equal(table.judge(emotion("sad")), true);
  await look();
  assert.equal(table.judge(emotion("fear")), false, "there is no photo any more");
  assert.equal(table.undo(), false, "there is nobody to ask");
  server.away = false;
  for (let round = 0; round < 5; round += 1) {
    line.tryNow();
    await settle();
  }
  assert.deepEqual(
    server.arrived.map((vote) => [vote.vote_id, vote.photo_id, vote.emotion]),
    [["vote 1", "a", "happy"], ["vote 2", "b", "sad"]],
  );
  await look();
  assert.equal(table.judge(emotion("fear")), true);
});

test("undo takes the last vote back and shows its photo before the one that was in sight", async () => {
  const { desk: table, server, screen, look } = await desk("a", "b", "c");
  await look();
  table.judge(emotion("happy"));
  await look();
  assert.equal(table.undo(), true);
  assert.equal(table.judge(emotion("sad")), false, "no press counts while a vote is taken back");
  await look();
  assert.deepEqual(server.arrived.at(-1).verdict, "undone");
  assert.deepEqual(screen.seen, ["a", "b", "undone", "a"]);
  assert.deepEqual(screen.counts, { voted: 0, waiting: 3 });
  table.judge(emotion("sad"));
  await look();
  table.judge(emotion("fear"));
  await look();
  assert.deepEqual(
    server.arrived.map((vote) => [vote.photo_id, vote.emotion]),
    [["a", "happy"], ["a", null], ["a", "sad"], ["b", "fear"]],
  );
});

test("undo walks back further, also through votes from before a reload, and then says so", async () => {
  const { desk: table, server, screen, look } = await desk("c");
  server.standing = ["a", "b"];
  server.ids = ["a", "b", "c"];
  for (let round = 0; round < 3; round += 1) {
    await look();
    table.undo();
  }
  await look();
  assert.deepEqual(screen.seen, ["c", "undone", "b", "undone", "a", "nothing to undo"]);
  assert.deepEqual(server.standing, []);
});

test("undo works when the queue is empty", async () => {
  const { desk: table, screen, look } = await desk("a");
  await look();
  table.judge(emotion("happy"));
  await look();
  table.undo();
  await look();
  assert.deepEqual(screen.seen, ["a", "waiting", "empty", "undone", "a"]);
});

test("undo pressed twice at once takes one vote back", async () => {
  const { desk: table, server, look } = await desk("a", "b", "c");
  await look();
  table.judge(emotion("happy"));
  await look();
  table.judge(emotion("sad"));
  await look();
  assert.deepEqual([table.undo(), table.undo()], [true, false]);
  await look();
  assert.deepEqual(server.standing, ["a"]);
});

test("a photo that is withdrawn while it waits is not shown", async () => {
  const { desk: table, server, screen, look } = await desk("a", "b", "c");
  await look();
  server.gone.add("b");
  await table.tend();
  table.judge(emotion("happy"));
  await look();
  assert.deepEqual(screen.seen.filter((one) => one !== "waiting"), ["a", "c"]);
});

test("a vote on a photo that was withdrawn in sight is told, and the next photo comes", async () => {
  const { desk: table, server, screen, look } = await desk("a", "b");
  await look();
  server.gone.add("a");
  table.judge(emotion("happy"));
  await look();
  assert.deepEqual(screen.seen, ["a", "b", "refused: There is no such photo."]);
  assert.deepEqual(screen.counts, { voted: 0, waiting: 1 });
});

test("a photo is not shown again while its vote is on the way", async () => {
  const { desk: table, server, screen, line, look, settle } = await desk("a", "b");
  await look();
  server.away = true;
  table.judge(emotion("happy"));
  await look();
  table.judge(emotion("sad"));
  await look();
  table.tend();
  server.away = false;
  for (let round = 0; round < 5; round += 1) {
    line.tryNow();
    await settle();
  }
  assert.deepEqual([...new Set(screen.seen)], ["a", "b", "waiting", "empty"]);
  assert.deepEqual(screen.seen.slice(0, 3), ["a", "b", "waiting"]);
  assert.deepEqual(server.fetched, ["a", "b"]);
});

test("however often the queue is to be looked at, it is asked once a turn", async () => {
  const { desk: table, server } = await desk("a");
  let asked = 0;
  const { lease } = server;
  server.lease = (count) => {
    asked += 1;
    return lease(count);
  };
  await Promise.all([table.tend(), table.tend(), table.tend()]);
  assert.equal(asked, 1);
});

test("a photo over which a night has passed still gets a possible time", async () => {
  const { desk: table, server, look, settle } = await desk("a");
  await look(200_000_000);
  table.judge({ verdict: "unsure" });
  await settle();
  assert.equal(server.arrived[0].milliseconds, 86_399_999);
});

test("the queue that was empty is looked at again and shows what came", async () => {
  const { desk: table, server, screen, look } = await desk();
  await look();
  server.ids = ["new"];
  await table.tend();
  assert.deepEqual(screen.seen, ["empty", "new"]);
});
