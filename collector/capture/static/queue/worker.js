// Keeps the files of the page, so that it opens without a network; of children it keeps nothing.
// The server puts SHELL before this: the files, and a version that changes with any of them.
/* global SHELL */
const NAME = `shell-${SHELL.version}`;
const OURS = new Set(SHELL.files.map((file) => new URL(file, self.location.href).pathname));
// A server that is switched off may leave a question without an answer for minutes.
const SHORT = 4000;
const AGAIN = 30_000;
let silentSince = -Infinity;

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method === "GET" && OURS.has(pathname)) event.respondWith(answer(pathname, event));
});

async function keepAll() {
  const cache = await caches.open(NAME);
  await cache.addAll(SHELL.files.map((file) => new Request(file, { cache: "reload" })));
}

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** From the network; where it is silent or broken, all of the page from what was kept. */
async function answer(pathname, event) {
  const kept = () => caches.open(NAME).then((cache) => cache.match(pathname));
  if (Date.now() - silentSince < AGAIN) return (await kept()) ?? fetch(event.request);
  try {
    // By its address: a request for a whole page takes no signal in some browsers.
    const found = await fetch(event.request.url, { signal: AbortSignal.timeout(SHORT) });
    if (found.ok && !found.redirected) return found;
    return (await kept()) ?? found;
  } catch {
    silentSince = Date.now();
    return (await kept()) ?? Response.error();
  }
}
