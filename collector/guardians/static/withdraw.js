// The page for withdrawing: a code in the address fills the field.
import { takeCode } from "./code.js";

function fill() {
  if (location.hash && !document.querySelector("#code")) {
    location.replace(`?${location.hash}`); // an answer stands here: to the empty form
    return;
  }
  const code = takeCode({ location, history });
  if (!code) return;
  const field = document.querySelector("#code");
  field.value = code;
  field.form.querySelector("button[type=submit]").focus();
}

window.addEventListener("hashchange", fill); // another receipt, in the same tab
fill();
