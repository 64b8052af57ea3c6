// A page of an import that is under way looks again by itself.
"use strict";

const busy = document.querySelector("[data-look-again]");
if (busy) {
  setTimeout(() => window.location.reload(), Number(busy.dataset.lookAgain) * 1000);
}
