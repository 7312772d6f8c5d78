// Files travel as base64 in a field: multipart bodies would be spooled to the server's disk.
export const MAX_BYTES = 15 * 1024 * 1024;

/** Resolves to the file as a data address. */
export function readFile(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
