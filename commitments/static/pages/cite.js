// A button beside each text that may be copied; without this script a click marks all of it, to be copied by hand.
"use strict";

function mark(text) {
  const range = document.createRange();
  range.selectNodeContents(text);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const told = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    mark(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      // Browsers have no clipboard for pages without HTTPS.
      document.execCommand("copy");
    }
    told.textContent = button.dataset.done;
  });
}
