// The adult's way out where a tablet will not reach the server again: what waits goes into a file.
import { packRescue } from "./rescuefile.js";

const PHOTOS_A_FILE = 250; // about 80 MB; the server takes 128
const NAP = 2000; // milliseconds in which a second tap of a child does nothing

/** Wires the button and its question; `delivery` knows what waits, `store` has the bytes. */
export function offerRescue({ find, tools: { delivery, store, wait }, crypto }) {
  const dialog = find(".rescuing");
  const [save, back] = dialog.querySelectorAll("button");
  const done = dialog.querySelector("[role=status]");
  find(".rescue").addEventListener("click", async () => {
    save.disabled = true;
    done.hidden = true;
    dialog.showModal();
    await wait(NAP);
    save.disabled = false;
  });
  back.addEventListener("click", () => dialog.close());
  save.addEventListener("click", async () => {
    save.disabled = true;
    for (const parcel of parcelsOf(delivery.posts)) {
      const read = async (id) => (await store.readPhoto(id))?.bytes;
      download(await packRescue({ ...parcel, read, crypto }), document);
    }
    done.hidden = false;
    save.disabled = false;
  });
}

/** What goes into which file: {serverKey, sessions}. */
export function parcelsOf(posts, most = PHOTOS_A_FILE) {
  const parcels = [];
  for (const post of posts) {
    const { rescue } = post.record.answer ?? {};
    const held = new Set(post.held);
    const photos = post.photos.filter(({ id }) => held.has(id));
    if (!rescue || !(photos.length || post.untold.length)) continue;
    const { key: serverKey, session, proof } = rescue;
    let start = 0;
    do {
      const parcel = roomFor(parcels, serverKey, most);
      const fitting = photos.slice(start, start + most - parcel.count);
      parcel.count += fitting.length;
      start += fitting.length;
      const told = fitting.map(({ id, sha256, details }) => ({ id, sha256, details }));
      parcel.sessions.push({ session, proof, errands: post.untold, photos: told });
    } while (start < photos.length);
  }
  return parcels;
}

function roomFor(parcels, serverKey, most) {
  const last = parcels.findLast((one) => one.serverKey === serverKey && one.count < most);
  if (last) return last;
  const parcel = { serverKey, sessions: [], count: 0 };
  parcels.push(parcel);
  return parcel;
}

function download(parts, document) {
  const link = document.createElement("a");
  const now = new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-");
  link.href = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  link.download = `waiting-photos-${now}.rescue`;
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read it only after a moment.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
