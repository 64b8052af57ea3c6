/* Check your copy without sending it: digests are made here, and compared with what the page says of each capture.
   Where a browser makes none, the form stays as it is and sends. */
"use strict";
{
  const LARGEST_CAPTURE = 10 * 1024 * 1024;
  const form = document.getElementById("copy");
  const said = JSON.parse(document.getElementById("said").textContent);
  const part = (id) => document.getElementById(id);

  const show = (when) => {
    for (const told of form.querySelectorAll("[data-when]")) {
      told.hidden = told.dataset.when !== when;
    }
  };

  const fileBrought = () => form.elements.file.files[0];

  const brought = async () => {
    const file = fileBrought();
    if (!file || !file.size) {
      return { text: form.elements.text.value || null, bytes: null };
    }
    const bytes = await file.arrayBuffer();
    return { text: textOf(bytes), bytes };
  };

  const textOf = (bytes) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  };

  /* Only the first digits are told to anybody. */
  const askedFor = async (digests) => {
    const { asks } = form.dataset;
    const prefixes = new Set(digests.map((digest) => digest.slice(0, 5)));
    const answers = await Promise.all(Array.from(prefixes, (prefix) => fetch(asks.replace("00000", prefix))));
    if (!answers.every((answer) => answer.ok)) {
      throw new TypeError("not answered");
    }
    const pages = await Promise.all(answers.map((answer) => answer.text()));
    const found = new Map();
    for (const page of pages) {
      for (const section of new DOMParser().parseFromString(page, "text/html").querySelectorAll(".capture")) {
        found.set(section.id, section);
      }
    }
    part("captures").replaceChildren();
    return Array.from(found.values());
  };

  const check = async () => {
    if (fileBrought()?.size > LARGEST_CAPTURE) {
      return tell(said.too_large);
    }
    const { text, bytes } = await brought();
    if (text === null && bytes === null) {
      return tell(said.nothing);
    }
    const sha256 = bytes && (await Copies.digestOfBytes(bytes));
    const spelled = text === null ? [] : Copies.spellings(text).map(([, spelling]) => Copies.digestOf(spelling));
    const digests = (await Promise.all(spelled)).concat(sha256 || []);
    const captures = form.dataset.asks ? await askedFor(digests) : Array.from(document.querySelectorAll(".capture"));
    const copy = await Copies.recognised(captures.map(captureOf), text, sha256);
    const shown = form.dataset.asks ? captures.filter((section) => section.id === copy.capture?.id) : captures;
    for (const section of shown) {
      section.querySelector(".it").hidden = section.id !== copy.capture?.id;
      await fill(section, copy.text);
    }
    if (form.dataset.asks) {
      part("captures").replaceChildren(...shown);
    }
    tell(said[copy.way], copy.text === null ? said.no_text : "");
  };

  const captureOf = ({ id, dataset }) => ({ id, sha256: dataset.sha256, textSha256: dataset.textSha256 });

  const fill = async (section, text) => {
    const rows = Array.from(section.querySelectorAll("[data-start]"));
    const places = text === null ? rows.map(() => "") : await Copies.places(text, rows.map(quoteOf));
    rows.forEach((row, at) => {
      const cell = row.querySelector(".found");
      cell.className = `found ${places[at]}`;
      cell.textContent = places[at] && said[places[at]];
    });
    section.querySelector(".tally").textContent = text === null ? "" : tally(places);
  };

  const quoteOf = ({ dataset }) => ({
    start: Number(dataset.start),
    end: Number(dataset.end),
    sha256: dataset.sha256,
    words: dataset.words ?? null,
  });

  const tally = (places) => {
    const count = (...among) => places.filter((place) => among.includes(place)).length;
    const told = {
      here: count("here"),
      elsewhere: count("once", "several"),
      not_found: count("nowhere", "not_here"),
    };
    return said.tally.replace(/%\((\w+)\)s/g, (_, name) => told[name]);
  };

  const tell = (verdict, withoutText = "") => {
    part("fault")?.remove();
    part("answer").hidden = false;
    part("verdict").textContent = verdict;
    part("without-text").textContent = withoutText;
    part("without-text").hidden = !withoutText;
  };

  const checkHere = async (event) => {
    event.preventDefault();
    tell(said.working);
    part("answer").ariaBusy = "true";
    try {
      await check();
    } catch (error) {
      tell(error instanceof DOMException ? said.unread : said.unanswered);
    }
    part("answer").ariaBusy = "false";
    part("answer-title").focus();
  };

  const drop = (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) {
      form.elements.file.files = event.dataTransfer.files;
      form.requestSubmit();
    } else {
      form.elements.text.value = event.dataTransfer.getData("text");
    }
  };

  const enhance = () => {
    show("here");
    form.addEventListener("submit", checkHere);
    form.addEventListener("drop", drop);
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
  };

  if (globalThis.crypto?.subtle) {
    enhance();
  } else {
    show("insecure");
  }
}
