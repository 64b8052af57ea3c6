"""Days as other people's data sets write them, read as EDTF: what is unambiguous is read, the rest is refused.

Digits of every script are digits; names of months are those that Django knows in the data set's language, in
English and in Spanish. Which of two numbers is the month is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP
from django.utils.translation import gettext as _

from commitments.dates import LAST_DAY, InvalidDate, bounds

FIRST_YEAR, LAST_YEAR = 1600, 2199
# Spreadsheets count days from the last of 1899; theirs lie between 1927 and 2200.
SPREADSHEET_ZERO = date(1899, 12, 30)
SERIAL = re.compile(r"[1-9]\d{4,5}(\.0+)?", re.ASCII)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_CJK = re.compile(r"(\d{4})\s*[年년](?:\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日号일])?)?")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?")
_NUMBERS = re.compile(r"(\d{1,4})\s*[./\- ]\s*(\d{1,4})(?:\s*[./\- ]\s*(\d{1,4}))?\.?")
_PIECES = re.compile(r"\d+|[^\W\d_]+(?:[\u0300-\u036f\u0900-\u0dff]*[^\W\d_]*)*")
# Words that dates hold beside day, month and year.
_FILLERS = {
    "de",
    "del",
    "of",
    "the",
    "le",
    "am",
    "den",
    "el",
    "st",
    "nd",
    "rd",
    "th",
    "г",
    "года",
    "год",
    "р",
    "року",
} | {
    *("წ", "წელი", "წლის", "в", "al", "e", "em", "à", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"),
    *(
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "domingo",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ),
}


class UnreadDay(ValueError):
    """Says in one sentence what is wrong with the day and what would be right."""


def read_day(written: str, *, order: str = "", serials: bool = False, language: str = "") -> str:
    """EDTF of what somebody wrote. `order` is `day` or `month`: what comes first where only numbers are given;
    with `serials` a number such as 44210 is a spreadsheet's day. Raises `UnreadDay`."""
    text = plain(written)
    found = _edtf(text) or (_serial(text) if serials and SERIAL.fullmatch(text) else "")
    if not found:
        found = _instant(text) or _east_asian(text) or _numbers(text, written, order) or _named(text, language)
    if not found:
        raise UnreadDay(
            _("“%(written)s” is no date that is read here; write 2021-01-14, 2021-01, 2021 or 2021-01-14/2021-01-20.")
            % {"written": written[:80]}
        )
    _refuse_other_calendars(found, written)
    return found


def plain(written: str) -> str:
    """With ASCII digits, and without marks of direction, full-width forms and dashes of other kinds."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written)).strip()
    text = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
    return re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace("\u2044", "/")


def looks_like_a_day(written: str, language: str = "") -> bool:
    for order in ("day", "month"):
        with suppress(UnreadDay):
            return bool(read_day(written, order=order, language=language))
    return False


def _edtf(text: str) -> str:
    try:
        bounds(text, open_end=LAST_DAY)
    except InvalidDate:
        return ""
    return text


def _serial(text: str) -> str:
    return (SPREADSHEET_ZERO + timedelta(days=int(text.partition(".")[0]))).isoformat()


def _instant(text: str) -> str:
    told = _INSTANT.fullmatch(text)
    return _edtf(told[1]) if told else ""


def _east_asian(text: str) -> str:
    told = _CJK.fullmatch(text)
    return _put_together(told[1], told[2], told[3]) if told else ""


def _numbers(text: str, written: str, order: str) -> str:
    told = _NUMBERS.fullmatch(text)
    if not told:
        return ""
    first, second, third = told[1], told[2], told[3]
    if len(first) == 4:
        return _put_together(first, second, third)
    if third is None:
        return _put_together(second, first, None) if len(second) == 4 else ""
    if len(third) != 4:
        raise UnreadDay(_("“%(written)s” gives no year of four digits; write it out.") % {"written": written[:80]})
    return _put_together(third, *_month_and_day(int(first), int(second), written, order))


def _month_and_day(first: int, second: int, written: str, order: str) -> tuple[str, str]:
    if order == "month" or (not order and (second > 12 or first == second)):
        return str(first), str(second)
    if order == "day" or first > 12:
        return str(second), str(first)
    raise UnreadDay(
        _("“%(written)s” may be one of two days; say in the mapping whether the day or the month comes first.")
        % {"written": written[:80]}
    )


def _named(text: str, language: str) -> str:
    """A month by its name, a year of four digits, and a day or none, in any order."""
    pieces = [piece.casefold() for piece in _PIECES.findall(text)]
    names = months(language)
    found = [names[piece] for piece in pieces if piece in names]
    numbers = [piece for piece in pieces if piece.isdigit()]
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) < 3]
    others = [piece for piece in pieces if not piece.isdigit() and piece not in names and piece not in _FILLERS]
    if len(found) != 1 or len(years) != 1 or len(days) > 1 or len(numbers) > len(years) + len(days) or others:
        return ""
    return _put_together(years[0], str(found[0]), days[0] if days else None)


@lru_cache
def months(language: str) -> dict[str, int]:
    """Month by case-folded name, whole and shortened, the data set's language before English and Spanish."""
    named: dict[str, int] = {}
    for code in dict.fromkeys(filter(None, (language, language.partition("-")[0], "en", "es"))):
        if not translation.check_for_language(code):
            continue
        with translation.override(code):
            for number in range(1, 13):
                for names in (MONTHS, MONTHS_ALT, MONTHS_3, MONTHS_AP):
                    name = unicodedata.normalize("NFKC", str(names[number])).casefold().strip(".")
                    named.setdefault(name, number)
                named.setdefault(str(MONTHS_ALT[number]).casefold()[:3], number)
    return named


def _put_together(year: str, month: str | None, day: str | None) -> str:
    parts = [year, *(f"{int(part):02}" for part in (month, day) if part)]
    return _edtf("-".join(parts)) if len(year) == 4 else ""


def _refuse_other_calendars(found: str, written: str) -> None:
    years = [int(year) for year in re.findall(r"(?<![\d-])\d{4}", found)]
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in years):
        raise UnreadDay(
            _("“%(written)s” lies outside %(first)s to %(last)s; of another calendar? Write the Gregorian day.")
            % {"written": written[:80], "first": FIRST_YEAR, "last": LAST_YEAR}
        )
