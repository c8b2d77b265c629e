// The journey map works without this file: it adds dragging, and moving with Alt and the arrows.
"use strict";

function send(form, values) {
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.requestSubmit();
}

function drop(event) {
  const cell = event.to;
  send(document.getElementById("place"), {
    card_id: event.item.dataset.id,
    lane: cell.dataset.lane,
    phase: cell.dataset.phase,
    at: [...cell.children].indexOf(event.item),
  });
}

function prepare() {
  if (!document.getElementById("place")) return;
  for (const cell of document.querySelectorAll(".slips:not([data-ready])")) {
    cell.dataset.ready = "";
    Sortable.create(cell, {
      group: "cards", draggable: "[data-id]", animation: 120, forceFallback: true,
      fallbackTolerance: 4, delay: 150, delayOnTouchOnly: true, onEnd: drop,
    });
  }
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  const way = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!card || !way || !event.altKey) return;
  event.preventDefault();
  send(document.getElementById("way"), { card_id: card.dataset.card, way });
});
document.addEventListener("htmx:after:swap", prepare);
prepare();
