// Fields for rules work without this file: it offers what may stand at the cursor, puts examples
// in, and goes to a mistake. The list is one of options (WAI-ARIA); the focus stays in the field.
"use strict";

const WAIT_MS = 150;
const SPACED = /[\w'<>=]$/;
let fields = 0;

class Words {
  constructor(field) {
    this.field = field;
    this.active = -1;
    this.offered = [];
    this.list = document.createElement("ul");
    this.list.className = "rule-words";
    this.list.id = `rule-words-${(fields += 1)}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.ruleWords);
    this.list.hidden = true;
    this.told = document.createElement("p");
    this.told.className = "hidden";
    this.told.setAttribute("role", "status");
    field.after(this.list, this.told);
    field.parentElement.classList.add("rule-field");
    field.setAttribute("autocomplete", "off");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.later());
    field.addEventListener("click", () => this.close());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.key(event));
    // The field keeps the focus while an option is clicked.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.place));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const question = new URLSearchParams({ rule: this.field.value, at: this.field.selectionStart });
    try {
      const answer = await fetch(`/audiences/words.json?${question}`, { signal: this.asking.signal });
      if (answer.ok && document.activeElement === this.field) this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show({ told, words }) {
    this.offered = words;
    this.active = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...words.map((word, place) => this.option(word, place)));
    this.list.style.top = `${this.field.offsetTop + this.field.offsetHeight}px`;
    this.list.hidden = words.length === 0;
    this.told.textContent = words.length ? told : "";
  }

  option(word, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.dataset.place = place;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const text = document.createElement("code");
    text.textContent = word.text;
    const meaning = document.createElement("span");
    meaning.textContent = word.meaning || word.kind;
    if (word.meaning) meaning.lang = word.lang;
    option.append(text, " ", meaning);
    return option;
  }

  key(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.ask();
    }
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.move(step);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if ((event.key === "Enter" || event.key === "Tab") && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    }
  }

  move(step) {
    const count = this.offered.length;
    const options = this.list.children;
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count;
    const option = options[this.active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  choose(place) {
    const { text, start, end } = this.offered[place];
    const after = this.field.value.slice(end);
    const space = SPACED.test(text) && !text.endsWith("'") && !after.startsWith(" ") ? " " : "";
    this.field.setRangeText(text + space, start, end, "end");
    this.close();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.active = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.told.textContent = "";
  }
}

for (const field of document.querySelectorAll("[data-rule-words]")) new Words(field);

function insert(field, text) {
  const before = field.value.slice(0, field.selectionStart).trimEnd();
  const joins = before === "" || /(\(|\b(and|or|not))$/.test(before) ? "" : " and";
  const start = before ? `${joins} ` : "";
  field.setRangeText(start + text, before.length, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-rule-insert], [data-rule-place]");
  const field = document.querySelector("[data-rule-words]");
  if (!button || !field) return;
  if ("ruleInsert" in button.dataset) return insert(field, button.dataset.ruleInsert);
  const place = Number(button.dataset.rulePlace);
  field.focus();
  field.setSelectionRange(place, Math.min(field.value.length, place + 1));
});

document.addEventListener("htmx:after:swap", () => {
  const field = document.getElementById("rule");
  const isWrong = document.querySelector("#results [data-rule-place]") !== null;
  if (isWrong) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
});
