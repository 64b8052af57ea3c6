/* Whether a text is a copy of a capture that we know, and where its passages stand in it: the rule of
   pages/copies.py, in the browser, so that nobody need be told what is checked. Positions are code points. */
"use strict";
const Copies = (() => {
  const MOST_TRIED = 30_000_000;
  const BLOCK = 64;
  const utf8 = new TextEncoder();

  const digestOf = async (text) => digestOfBytes(utf8.encode(text));

  const digestOfBytes = async (bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const withOurLineEnds = (text) => text.replace(/\r\n?/g, "\n");

  const asOurs = (text) => withOurLineEnds(text).replace(/^\ufeff/, "");

  const spellings = (text) => {
    const ours = asOurs(text);
    const ended = ours.replace(/\n+$/, "");
    const told = [
      ["as_is", text],
      ["line_ends", withOurLineEnds(text)],
      ["without_mark", ours],
      ["without_last_lines", ended],
      ["with_last_line", `${ended}\n`],
    ];
    return told.filter(([, spelling], at) => told.findIndex(([, other]) => other === spelling) === at);
  };

  /* A capture has `sha256` and `textSha256`. */
  const recognised = async (captures, text, sha256) => {
    const byBytes = captures.find((capture) => capture.sha256 === sha256);
    for (const [way, spelling] of text === null ? [] : spellings(text)) {
      const digest = await digestOf(spelling);
      const capture = captures.find((known) => known.textSha256 === digest);
      if (capture) {
        return { capture: byBytes || capture, way: byBytes ? "bytes" : way, text: spelling };
      }
    }
    if (byBytes) {
      return { capture: byBytes, way: "bytes", text: null };
    }
    return { capture: null, way: "", text: text === null ? null : asOurs(text) };
  };

  /* A quote has `start`, `end`, `sha256`, and `words`, null where only their digest is told. */
  const places = async (text, quotes) => {
    const points = Array.from(text);
    const found = [];
    let left = MOST_TRIED;
    for (const quote of quotes) {
      const cost = costOf(points, quote);
      if ((await digestOf(slice(points, quote.start, quote.end))) === quote.sha256) {
        found.push("here");
      } else if (cost > left) {
        found.push("not_here");
      } else {
        left -= cost;
        const times = quote.words === null ? await timesByDigest(points, quote) : timesOf(text, quote.words);
        found.push(["nowhere", "once"][times] || "several");
      }
    }
    return found;
  };

  const slice = (points, start, end) => points.slice(start, end).join("");

  const costOf = (points, quote) => {
    const length = quote.end - quote.start;
    return quote.words === null ? Math.max(0, points.length - length + 1) * (length + BLOCK) : 0;
  };

  const timesOf = (text, words) => {
    let times = 0;
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      times += 1;
    }
    return times;
  };

  const timesByDigest = async (points, quote) => {
    const length = quote.end - quote.start;
    const tried = [];
    for (let at = 0; at + length <= points.length; at += 1) {
      tried.push(digestOf(slice(points, at, at + length)));
    }
    return (await Promise.all(tried)).filter((digest) => digest === quote.sha256).length;
  };

  return { spellings, recognised, places, digestOf, digestOfBytes };
})();
