"""Copies of a text, as people bring them, and what is found in each: the one table that the rule in Python and the
rule in JavaScript are both held to."""

import hashlib


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


# With a letter beyond the Basic Multilingual Plane, which is two units to JavaScript and one code point to us.
TEXT = "Landau 🛰 spoke.\n“More can be done.”\nMore can be done, he said; aa aaa.\n"
CAPTURE = {"sha256": digest("<html>"), "text_sha256": digest(TEXT)}
# What is brought, as text and as the bytes of a file (None: pasted): by which spelling it is the capture, and the
# text in which passages are looked for.
RECOGNISED = {
    "as it is": ((TEXT, None), ("as_is", TEXT)),
    "with line ends of Windows": ((TEXT.replace("\n", "\r\n"), None), ("line_ends", TEXT)),
    "with line ends of the old Mac": ((TEXT.replace("\n", "\r"), None), ("line_ends", TEXT)),
    "with a byte order mark": ((f"\ufeff{TEXT}", None), ("without_mark", TEXT)),
    "with lines after its end": ((f"{TEXT}\n\n", None), ("with_last_line", TEXT)),
    "without its last line end": ((TEXT[:-1], None), ("with_last_line", TEXT)),
    "one word less": ((TEXT.replace("can", ""), None), ("", TEXT.replace("can", ""))),
    "one space at its end": ((f"{TEXT} ", None), ("", f"{TEXT} ")),
    "composed otherwise": ((f"{TEXT}e\u0301", None), ("", f"{TEXT}e\u0301")),
    "nothing of it": (("\r\n\ufeff", None), ("", "\n\ufeff")),
    "the bytes": (("<html>", digest("<html>")), ("bytes", None)),
    "other bytes of the same text": ((TEXT, digest("other")), ("as_is", TEXT)),
    "bytes that are no text": ((None, digest("other")), ("", None)),
}
# A capture that ends without a line end is found in a text with many.
ENDLESS = {"sha256": digest("x"), "text_sha256": digest("aa")}


def quote(words: str, start: int, *, is_withheld: bool = False) -> dict:
    told = {"start": start, "end": start + len(words), "sha256": digest(words)}
    return told | {"words": None if is_withheld else words}


PLACES = {
    "at its place": (TEXT, quote("spoke", TEXT.index("spoke")), "here"),
    "at its place, withheld": (TEXT, quote("spoke", TEXT.index("spoke"), is_withheld=True), "here"),
    "counted in code points": (TEXT, quote("🛰", 7), "here"),
    "elsewhere once": (TEXT, quote("spoke", 0), "once"),
    "elsewhere once, withheld": (TEXT, quote("spoke", 0, is_withheld=True), "once"),
    "elsewhere twice": (TEXT, quote("More can be done", 0), "several"),
    "elsewhere twice, withheld": (TEXT, quote("More can be done", 0, is_withheld=True), "several"),
    "elsewhere, overlapping itself": ("b aaa", quote("aa", 0), "several"),
    "elsewhere, overlapping itself, withheld": ("b aaa", quote("aa", 0, is_withheld=True), "several"),
    "nowhere": (TEXT, quote("rejected", 0), "nowhere"),
    "nowhere, withheld": (TEXT, quote("rejected", 0, is_withheld=True), "nowhere"),
    "one letter otherwise": (TEXT, quote("more can be done", 17), "nowhere"),
    "composed otherwise": ("e\u0301", quote("é", 0), "nowhere"),
    "longer than the text": ("a", quote("aaaa", 0, is_withheld=True), "nowhere"),
    "behind the end": ("a", quote("a", 900), "once"),
    "in nothing": ("", quote("a", 0), "nowhere"),
    "too much to try": ("x" * 500_000, quote("rejected", 0, is_withheld=True), "not_here"),
}
