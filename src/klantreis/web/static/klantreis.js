// The pages work without this file: it prints, and keeps the focus where it was after a swap.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

let focused = null;
document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement?.id || null;
});
document.addEventListener("htmx:after:swap", () => {
  if (focused && document.activeElement === document.body) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
});
