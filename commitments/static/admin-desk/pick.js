// Fields that name something recorded: a combobox (ARIA 1.2, list autocomplete) over what the desk offers.
"use strict";
(() => {
  const WAIT = 150; // milliseconds after the last key

  const form = document.querySelector("[data-pick]");
  if (!form) return;
  let number = 0;

  const said = document.querySelector("[name=claim-said_on_edtf]");
  const hangsOnDay = (input) => said && input.name === "claim-claimant";
  const dayOf = (input) => hangsOnDay(input) ? said.value : "";

  const part = (kind, text) => {
    const made = document.createElement("span");
    made.className = kind;
    made.dir = "auto";
    made.textContent = text;
    return made;
  };

  const options = async (input) => {
    const query = new URLSearchParams({kinds: input.dataset.kinds, term: input.value, on: dayOf(input)});
    const answer = await fetch(`${form.dataset.pick}?${query}`, {credentials: "same-origin"});
    const found = answer.ok ? (await answer.json()).options : [];
    const kinds = input.dataset.new ? input.dataset.new.split(",") : [];
    const isNew = input.value.trim() && !input.value.includes("[") && !/^(new|nuev[oa])\s/i.test(input.value);
    return found.concat(isNew ? kinds.map((kind) => ({value: `${input.dataset.newWord} ${kind}: ${input.value.trim()}`, note: ""})) : []);
  };

  class Pick {
    constructor(input) {
      this.input = input;
      this.list = document.createElement("ul");
      this.list.id = `pick-${number += 1}`;
      this.list.className = "pick-list";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", form.dataset.offered);
      this.list.hidden = true;
      this.note = document.createElement("p");
      this.note.id = `${this.list.id}-note`;
      this.note.className = "pick-note";
      this.note.setAttribute("role", "status");
      this.note.hidden = true;
      input.after(this.list, this.note);
      const told = input.getAttribute("aria-describedby");
      input.setAttribute("aria-describedby", told ? `${told} ${this.note.id}` : this.note.id);
      for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
        ["aria-controls", this.list.id]]) input.setAttribute(name, value);
      // What was offered for other letters must not be taken by a quick Enter.
      input.addEventListener("input", () => { this.tell(""); this.close(); this.ask(); });
      if (hangsOnDay(input)) said.addEventListener("change", () => this.tell(""));
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
      if (input.dataset.listed) input.addEventListener("focus", () => { if (!input.value) this.ask(true); });
      this.list.addEventListener("mousedown", (event) => this.clicked(event));
    }

    // `all`: also where nothing is typed yet.
    ask(all = false) {
      clearTimeout(this.timer);
      this.timer = setTimeout(async () => {
        const asked = this.input.value;
        const found = all || asked.trim() ? await options(this.input) : [];
        if (asked === this.input.value && document.activeElement === this.input) this.show(found);
      }, WAIT);
    }

    show(found) {
      this.at = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.list.replaceChildren(...found.map((option, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.setAttribute("role", "option");
        item.dataset.value = option.value;
        item.dataset.note = option.note;
        item.append(part("pick-value", option.value), ...(option.note ? [" ", part("pick-note", option.note)] : []));
        return item;
      }));
      this.list.hidden = found.length === 0;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      if (!this.list.hidden) this.list.scrollIntoView({block: "nearest"});
    }

    tell(note) {
      this.note.textContent = note;
      this.note.hidden = !note;
    }

    close() {
      this.show([]);
    }

    clicked(event) {
      const item = event.target.closest("[role=option]");
      event.preventDefault();
      if (item) this.take(item);
    }

    take(item) {
      this.input.value = item.dataset.value;
      this.close();
      this.tell(item.dataset.note);
      this.input.dispatchEvent(new Event("change", {bubbles: true}));
    }

    key(event) {
      if (this.list.hidden) {
        if (event.key === "ArrowDown") this.ask(true);
        return;
      }
      const items = [...this.list.children];
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter" && this.at >= 0) this.take(items[this.at]);
      else if (event.key === "Tab" && this.at >= 0) { this.take(items[this.at]); return; }
      else if (event.key === "ArrowDown") this.move(items, 1);
      else if (event.key === "ArrowUp") this.move(items, -1);
      else return;
      event.preventDefault();
    }

    move(items, step) {
      this.at = (this.at + step + items.length) % items.length;
      items.forEach((item, index) => item.setAttribute("aria-selected", String(index === this.at)));
      items[this.at].scrollIntoView({block: "nearest"});
      this.input.setAttribute("aria-activedescendant", items[this.at].id);
    }
  }

  // Django's pop-up closes itself and hands back what was added; without JavaScript the link opens a tab.
  const asPopUp = (link) => {
    const url = new URL(link.href);
    url.searchParams.set("_popup", "1");
    link.href = url;
  };
  form.querySelectorAll("a.pick-new").forEach(asPopUp);

  const upgrade = (root) => root.querySelectorAll("input.pick").forEach((input) => {
    if (!input.hasAttribute("role")) new Pick(input);
  });
  upgrade(form);
  form.addEventListener("parts-added", (event) => upgrade(event.target));
})();
