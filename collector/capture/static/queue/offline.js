// The page opens without a network once it was visited, where the browser trusts the certificate.
export function openOffline(navigator) {
  // Without a trusted certificate browsers refuse: then the page needs the network, as any other.
  navigator.serviceWorker?.register("sw.js").catch(() => {});
}
