"use strict";

// A person who cancels is told so on the page, not in the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-refused").hidden = false;
});
