// The plain page: tries whether this tablet trusts the server already. One file, as the plain port
// serves nothing else; a browser refuses an untrusted certificate at once, while a firewall lets the
// asking time out.
const PATIENCE = 5000;

async function answers(address, fetch, patience) {
  try {
    const signal = AbortSignal.timeout(patience);
    return (await fetch(`${address}/connection/ping`, { cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}

// Which of the two addresses is trusted, and if none, what is likely.
export async function judgeAddresses(named, inDigits, fetch = globalThis.fetch, patience = PATIENCE) {
  const begun = performance.now();
  const tried = [named, inDigits].map((one) => answers(one, fetch, patience));
  const [byName, byDigits] = await Promise.all(tried);
  if (byName) return "trusted";
  if (byDigits) return "digits";
  return performance.now() - begun >= patience * 0.9 ? "silent" : "untrusted";
}

async function show(main) {
  const verdict = await judgeAddresses(...main.dataset.addresses.split(" "));
  for (const note of main.querySelectorAll("[data-verdict]")) {
    note.hidden = note.dataset.verdict !== verdict;
  }
}

if (globalThis.document) show(document.getElementById("main"));
