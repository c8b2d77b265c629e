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

// A file that is dropped on the page's field for it is chosen, as if it had been looked up.
document.addEventListener("dragover", (event) => {
  const zone = event.target.closest?.(".drop-zone");
  if (!zone) return;
  event.preventDefault();
  zone.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  event.target.closest?.(".drop-zone")?.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  const zone = event.target.closest?.(".drop-zone");
  if (!zone || !event.dataTransfer.files.length) return;
  event.preventDefault();
  zone.classList.remove("over");
  zone.querySelector("input[type=file]").files = event.dataTransfer.files;
});
// Keys press the buttons of a part of the page, only while the focus is in that part.
for (const part of document.querySelectorAll("[data-keys]")) {
  part.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input, select, textarea");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const button = part.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });
}
