"""What a text offers to whoever marks it: days with their reasoning, and words that may be names. Suggestions only:
nothing here is ever saved by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

READ_AT_MOST = 20_000  # characters from the start; a page of suggestions is no use beyond
HEAD = 500  # characters from the start in which a date line stands
LONGEST_NAME = 6  # words
_MONTHS = {
    name: number
    for language in (
        # English first: the notes are written with its names.
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "jan feb mar apr may jun jul aug sept oct nov dec",
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    )
    for number, name in enumerate(language.split(), 1)
} | {"setiembre": 9}
_WEEKDAYS = {
    name: number
    for language in (
        # English first: the notes are written with its names.
        "monday tuesday wednesday thursday friday saturday sunday",
        "lunes martes miércoles jueves viernes sábado domingo",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "понедельник вторник среду четверг пятницу субботу воскресенье",
        "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
        "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
    )
    for number, name in enumerate(language.split())
} | {"miercoles": 2, "sabado": 5}
_NAMES = [name.capitalize() for name in list(_WEEKDAYS)[:7]]
_NAMES_OF_MONTHS = [name.capitalize() for name in list(_MONTHS)[:12]]
_RELATIVE = {"today": 0, "hoy": 0, "yesterday": -1, "ayer": -1}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(_WEEKDAYS)
# Not \b: signs of vowels at the end of a Hindi word are no letters to it.
_BEGIN, _END = r"(?<![\w\u0900-\u097f])", r"(?![\w\u0900-\u097f])"
_DATE = re.compile(
    rf"""(?P<y4>\d{{4}})年(?P<m4>0?[1-9]|1[0-2])月(?:(?P<d4>\d{{1,2}})日)?
    | {_BEGIN}(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?P<d1>\d{{1,2}})(?:st|nd|rd|th|º|o)?\s+(?:of\s+|de\s+)?(?P<m1>{_MONTH})\.?(?:(?:,|\s+del?)?\s+(?P<y1>\d{{4}}))?
    | (?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y2>\d{{4}}))?
    | (?P<m3>{_MONTH})\.?\s+(?:del?\s+)?(?P<y3>\d{{4}})
    | (?P<next>next|coming|próximo|proximo)\s+(?P<w1>{_WEEKDAY})
    | (?P<w2>{_WEEKDAY})(?P<following>\s+(?:próximo|proximo|que\s+viene))?
    | (?P<relative>today|yesterday|hoy|ayer)
    ){_END}""",
    re.IGNORECASE | re.VERBOSE,
)
# Not \w: vowel signs of Indian scripts are no letters to it.
_WORD = re.compile(r"[^\s.,;:!?()\[\]{}<>“”„«»「」『』\"।،؛؟、。…/|—–]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]{2,}")


@dataclass(frozen=True)
class FoundDate:
    """A day or month that the text tells, ready for a form: EDTF value, basis and the note that shows the chain."""

    start: int
    end: int
    words: str
    edtf: str
    basis: str
    note: str


def dates(text: str, published: date | None) -> list[FoundDate]:
    """Each day once, in the order of the text. Weekdays are worked out from the day of publication, else from the
    first full date of the text; without either they are left out."""
    text = text[:READ_AT_MOST]
    matches = list(_DATE.finditer(text))
    reference, known_as = published, "publication on"
    if reference is None:
        reference = next((day for m in matches if (day := _full(m))), None)
        known_as = "the first date in the text,"
    found: dict[tuple[str, str], FoundDate] = {}
    for match in matches:
        told = _told(match, reference, known_as)
        if told:
            found.setdefault((match.group().lower(), told.edtf), told)
    return list(found.values())


def dateline(text: str, *, today: date) -> FoundDate | None:
    """The first whole day at the head of a text, as the day on which it was published; none that is still to come."""
    for match in _DATE.finditer(text[:HEAD]):
        day = _full(match)
        if day and day <= today:
            words = " ".join(match.group().split())
            return FoundDate(*match.span(), words, day.isoformat(), "dateline", f"“{words}” stands above the text.")
    return None


def _full(match: re.Match[str]) -> date | None:
    """The day where the words name day, month and year."""
    if match["iso"]:
        return _day(*map(int, match["iso"].split("-")))
    day, month, year = _parts(match)
    return _day(int(year), month, int(day)) if day and year else None


def _parts(match: re.Match[str]) -> tuple[str | None, int, str | None]:
    if match["y4"]:
        return match["d4"], int(match["m4"]), match["y4"]
    month = (match["m1"] or match["m2"] or match["m3"] or "").lower()
    return match["d1"] or match["d2"], _MONTHS.get(month, 0), match["y1"] or match["y2"] or match["y3"]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _told(match: re.Match[str], reference: date | None, known_as: str) -> FoundDate | None:
    start, end = match.span()
    words = " ".join(match.group().split())
    if full := _full(match):
        return FoundDate(start, end, words, full.isoformat(), "stated", "")
    day, month, year = _parts(match)
    if day and year:
        return None  # the calendar has no such day
    if month and year:
        return FoundDate(start, end, words, f"{int(year):04}-{month:02}", "stated", "")
    if reference is None:
        return None
    against = f"“{words}”, read against {known_as} {in_words(reference)}, a {_NAMES[reference.weekday()]}"
    if month and day:
        return _without_year(start, end, words, int(day), month, reference, against)
    if match["relative"]:
        told = reference + timedelta(days=_RELATIVE[match["relative"].lower()])
        return FoundDate(start, end, words, told.isoformat(), "curator_estimate", f"{against}: {in_words(told)}.")
    return _of_weekday(match, words, reference, against)


def _without_year(
    start: int, end: int, words: str, day: int, month: int, reference: date, against: str
) -> FoundDate | None:
    """The last such day up to the reference: what is reported has mostly happened."""
    candidates = [_day(year, month, day) for year in (reference.year, reference.year - 1)]
    told = next((d for d in candidates if d and d <= reference), None)
    if told is None:
        return None
    note = f"{against}: the last such day up to then is {in_words(told)}."
    return FoundDate(start, end, words, told.isoformat(), "curator_estimate", note)


def _of_weekday(match: re.Match[str], words: str, reference: date, against: str) -> FoundDate:
    name = (match["w1"] or match["w2"]).lower()
    back = (reference.weekday() - _WEEKDAYS[name]) % 7
    if match["next"] or match["following"]:
        told, which = reference + timedelta(days=7 - back), "the next one after it"
    else:
        told, which = reference - timedelta(days=back), "the same day" if back == 0 else "the last one before it"
    note = f"{against}: {which} is {in_words(told)}."
    return FoundDate(*match.span(), words, told.isoformat(), "weekday_resolved", note)


def in_words(day: date) -> str:
    return f"{day.day} {_NAMES_OF_MONTHS[day.month - 1]} {day.year}"


def possible_names(text: str) -> dict[str, tuple[int, int]]:
    """Runs of words that could be a name, folded, with the first place of each: what a list of names is asked for."""
    text = text[:READ_AT_MOST]
    found: dict[str, tuple[int, int]] = {}
    for start, end in _windows(text):
        found.setdefault(" ".join(text[start:end].split()).lower(), (start, end))
    return found


def _windows(text: str) -> Iterator[tuple[int, int]]:
    # Whose it is: “Solen’s” is a name without its last two letters.
    spans = [(m.start(), m.end() - 2 * m.group().endswith(("’s", "'s"))) for m in _WORD.finditer(text)]
    for first, (start, _) in enumerate(spans):
        if text[start].islower():
            continue
        for _, end in spans[first : first + LONGEST_NAME]:
            if "\n" in text[start:end]:
                break
            yield start, end
    for run in _CJK.finditer(text):  # written without spaces
        for start in range(*run.span()):
            yield from ((start, end) for end in range(start + 2, min(start + 9, run.end() + 1)))
