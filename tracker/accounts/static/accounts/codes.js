"use strict";

const codes = document.getElementById("codes");
const copy = document.getElementById("copy");

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(codes.textContent);
    copy.textContent = copy.dataset.done;
  });
}
