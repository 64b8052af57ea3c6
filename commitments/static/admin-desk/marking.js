// The captured text: a caret and selections by mouse and keyboard, as positions in code points. What a selection
// means (trimmed, voice, place in the source) is the server's answer; nothing is worked out twice.
"use strict";
(() => {
  const text = document.getElementById("text");
  const form = document.getElementById("mark-form");
  if (!form) return;
  const told = document.getElementById("mark-told");
  const field = (name) => form.elements[name];

  const codePoints = (string) => {
    let count = 0;
    for (const _letter of string) count += 1;
    return count;
  };

  // UTF-16 units of the first `count` code points.
  const units = (string, count) => {
    let at = 0;
    for (const letter of string) {
      if (count === 0) break;
      at += letter.length;
      count -= 1;
    }
    return at;
  };

  const isUnseen = (piece) => piece.classList.contains("unseen");
  const startOf = (piece) => Number(piece.dataset.start);
  const endOf = (piece) => Number(piece.dataset.end);

  // A place in the document as a position in the text.
  const positionOf = (node, offset) => {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (piece && node.nodeType === Node.TEXT_NODE) {
      if (isUnseen(piece)) return offset > 0 ? endOf(piece) : startOf(piece);
      return startOf(piece) + codePoints(node.data.slice(0, offset));
    }
    if (piece) return offset > 0 ? endOf(piece) : startOf(piece);
    const before = node.childNodes[offset - 1];
    const next = node.childNodes[offset];
    const inside = (part, first) => {
      if (!part || part.nodeType !== Node.ELEMENT_NODE) return null;
      const pieces = part.matches("[data-start]") ? [part] : part.querySelectorAll("[data-start]");
      return pieces.length ? pieces[first ? 0 : pieces.length - 1] : null;
    };
    const following = inside(next, true);
    if (following) return startOf(following);
    const preceding = inside(before, false);
    return preceding ? endOf(preceding) : 0;
  };

  const selected = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return null;
    const range = selection.getRangeAt(0);
    return {
      start: positionOf(range.startContainer, range.startOffset),
      end: positionOf(range.endContainer, range.endOffset),
      words: selection.toString(),
      node: selection.focusNode,
    };
  };

  const placeOf = (position) => {
    const pieces = text.querySelectorAll("[data-start]");
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (startOf(pieces[middle]) <= position) low = middle;
      else high = middle - 1;
    }
    const piece = pieces[low];
    if (!piece || !piece.firstChild) return [text, 0];
    const length = piece.firstChild.data.length;
    if (isUnseen(piece)) return [piece.firstChild, position > startOf(piece) ? length : 0];
    return [piece.firstChild, units(piece.firstChild.data, position - startOf(piece))];
  };

  const select = (start, end) => {
    const selection = document.getSelection();
    selection.setBaseAndExtent(...placeOf(start), ...placeOf(end));
    const box = selection.getRangeAt(0).getBoundingClientRect();
    const frame = text.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) text.scrollTop += box.top - frame.top - frame.height / 3;
    if (frame.top < 0 || frame.top > window.innerHeight) text.scrollIntoView({block: "nearest"});
  };

  const look = async (query) => {
    const url = `${text.dataset.look}&${new URLSearchParams(query)}`;
    const answer = await fetch(url, {credentials: "same-origin"});
    return answer.json();
  };

  const open = (element) => {
    for (let part = element.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  };

  const fill = (fills) => {
    for (const [name, value] of Object.entries(fills)) {
      const input = field(name);
      if (!input) continue;
      input.value = value;
      open(input);
    }
  };

  const withheld = document.getElementById("marked-withheld");
  const showWithheld = () => {
    withheld.textContent = field("voice").value === "quoted" ? "" : withheld.dataset.said || "";
  };

  const mark = async (start, end) => {
    const found = await look({start, end});
    told.textContent = found.said;
    if (found.start === undefined) return;
    const {words, said, withheld: kept, ...fills} = found;
    fill(fills);
    document.getElementById("marked-words").textContent = words;
    withheld.dataset.said = kept;
    showWithheld();
    document.getElementById("words").scrollIntoView({block: "nearest"});
    field("voice").focus();
  };

  const markSelection = () => {
    const place = selected();
    if (place && place.start !== place.end) mark(place.start, place.end);
    return Boolean(place && place.start !== place.end);
  };

  // The passages around the caret, each told with what rests on it.
  const passagesAt = (node) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const piece = element.closest("mark[data-passages]");
    return piece ? piece.dataset.passages.split(" ") : [];
  };

  const goToPassage = (ids) => {
    const item = document.getElementById(ids[0]);
    if (!item) return;
    ids.forEach((id) => { document.querySelector(`input[name=passages][value="${id}"]`).checked = true; });
    item.scrollIntoView({block: "nearest"});
    item.querySelector("input").focus();
  };

  const SHORTEST_WAIT = 200; // milliseconds of rest before a selection is read out
  let timer = 0;
  let sought = {}; // where a search for words stands, and which of how many that is
  const tellSelection = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const place = selected();
      if (!place || document.activeElement !== text) return;
      const ids = passagesAt(place.node);
      if (place.start !== place.end) {
        const which = place.start === sought.start && place.end === sought.end ? `${sought.which} · ` : "";
        told.textContent = `${which}${place.start}–${place.end}: ${place.words.slice(0, 200)}`;
      } else if (ids.length) {
        told.textContent = ids.map((id) => document.getElementById(id).innerText).join(" | ");
      }
    }, SHORTEST_WAIT);
  };

  const makeEditable = () => {
    const original = text.innerHTML;
    text.setAttribute("role", "textbox");
    text.setAttribute("aria-multiline", "true");
    text.setAttribute("aria-readonly", "true");
    text.contentEditable = "true";
    text.spellcheck = false;
    document.getElementById("text-help").hidden = false;
    for (const kind of ["beforeinput", "paste", "cut", "drop", "dragstart"]) {
      text.addEventListener(kind, (event) => event.preventDefault());
    }
    // What an input method writes cannot be prevented; it is taken back.
    text.addEventListener("input", () => { text.innerHTML = original; });
    text.addEventListener("compositionend", () => { text.innerHTML = original; });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const place = selected();
      if (!markSelection() && place) goToPassage(passagesAt(place.node));
    });
    text.addEventListener("click", (event) => {
      const place = selected();
      const piece = event.target.closest("mark[data-passages]");
      if (piece && place && place.start === place.end) tellSelection();
    });
    text.addEventListener("dblclick", tellSelection);
    document.addEventListener("selectionchange", tellSelection);
  };

  const makeFinding = () => {
    const words = document.getElementById("find-words");
    const buttons = {"find-previous": -1, "find-next": 1};
    let places = [];
    let asked = null;
    let at = -1;
    const go = async (step) => {
      if (asked !== words.value) {
        asked = words.value;
        places = (await look({words: asked})).places;
        at = step > 0 ? -1 : 0;
      }
      if (!places.length) {
        told.textContent = document.getElementById("text-help").dataset.nowhere;
        return;
      }
      at = (at + step + places.length) % places.length;
      text.focus();
      select(places[at].start, places[at].end);
      sought = {...places[at], which: `${at + 1} / ${places.length}`};
      tellSelection();
    };
    words.form.addEventListener("submit", (event) => { event.preventDefault(); go(1); });
    for (const [id, step] of Object.entries(buttons)) {
      const button = document.getElementById(id);
      button.hidden = false;
      button.addEventListener("click", () => go(step));
    }
    const button = document.getElementById("mark-selection");
    button.hidden = false;
    // The selection must outlive the click.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", markSelection);
  };

  const makeMore = () => document.querySelectorAll(".mark-more").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const total = field(`${button.dataset.prefix}-TOTAL_FORMS`);
      const template = button.parentElement.querySelector("template");
      const holder = document.createElement("div");
      const part = template.content.cloneNode(true);
      for (const element of part.querySelectorAll("*")) {
        for (const attribute of [...element.attributes]) {
          if (attribute.value.includes("__prefix__")) {
            element.setAttribute(attribute.name, attribute.value.replaceAll("__prefix__", total.value));
          }
        }
      }
      holder.append(part);
      template.before(holder);
      total.value = Number(total.value) + 1;
      holder.dispatchEvent(new CustomEvent("parts-added", {bubbles: true}));
      holder.querySelector("input, select").focus();
    });
  });

  const makeOffers = () => document.querySelectorAll("a.mark-offer").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const fills = JSON.parse(link.dataset.fills);
      if (fills.start === undefined) {
        fill(fills);
        field(Object.keys(fills)[0]).focus();
        return;
      }
      select(fills.start, fills.end);
      mark(fills.start, fills.end);
    });
  });

  makeMore();
  if (!text) return;
  makeEditable();
  makeFinding();
  makeOffers();
  if (withheld) {
    withheld.dataset.said = withheld.dataset.said || withheld.textContent.trim();
    field("voice").addEventListener("change", showWithheld);
  }
  const answer = document.getElementById("mark-refused") || document.getElementById("mark-preview");
  if (answer) answer.focus();
})();
