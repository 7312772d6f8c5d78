// A refused form keeps what was entered: it is sent by script, and the sentence shown beside it.

/** Sends the form's fields; resolves to the page to go to, or to the sentence of the refusal. */
export async function send(form, fetch) {
  const body = new URLSearchParams(new FormData(form));
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body, headers });
  if (answer.ok) return { page: answer.url };
  return { sentence: (await answer.json()).error };
}

export function keepEntries(form) {
  const trouble = document.createElement("p");
  trouble.className = "note bad";
  trouble.setAttribute("role", "alert");
  trouble.hidden = true;
  form.querySelector("button[type=submit]").before(trouble);
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    try {
      const { page, sentence } = await send(form, window.fetch.bind(window));
      if (page) return location.assign(page);
      trouble.textContent = sentence;
      trouble.hidden = false;
    } catch {
      form.submit(); // the browser says better than a script what is wrong with the connection
    }
    return undefined;
  });
}
