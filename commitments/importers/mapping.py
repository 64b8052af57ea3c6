"""From a data set's columns and words to ours: what a person chose, and what is offered to begin with."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from commitments.captures.tables import Row, Table
from commitments.importers.columns import COLUMNS, DATES, FAMILIES, listed
from commitments.importers.days import SERIAL, looks_like_a_day, plain
from commitments.vocabulary import Words

ROW_NUMBER = "(row number)"
LIKE_ENOUGH = 85
LOOKED_AT = 200
MOSTLY = 0.6
# What data sets in other scripts call our columns: Russian, Arabic, Hindi, Chinese.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "key": ("номер", "код", "رقم", "المعرف", "क्रमांक", "编号", "序号"),
    "title": ("название", "обещание", "обязательство", "العنوان", "الوعد", "शीर्षक", "वादा", "वचन", "标题", "承诺"),
    "summary": ("описание", "الوصف", "विवरण", "描述", "说明"),
    "kind": ("тип", "категория", "النوع", "الفئة", "प्रकार", "श्रेणी", "类型", "类别"),
    "topics": ("тема", "темы", "الموضوع", "विषय", "主题"),
    "places": ("место", "регион", "المكان", "المنطقة", "स्थान", "地点", "地区"),
    "promisor": ("страна", "государство", "правительство", "الدولة", "البلد", "الحكومة", "देश", "सरकार", "国家", "政府"),
    "promisee": ("получатель", "المستفيد", "लाभार्थी", "受援国", "受益方"),
    "made_on": ("дата", "التاريخ", "تاريخ", "दिनांक", "तारीख", "日期"),
    "due": ("срок", "الموعد النهائي", "समय सीमा", "期限"),
    "quote": ("цитата", "текст", "الاقتباس", "النص", "उद्धरण", "引文", "原文"),
    "claimant": ("кто сказал", "автор", "المتحدث", "वक्ता", "发言人"),
    "status": ("статус", "состояние", "الحالة", "स्थिति", "状态"),
    "source_title": ("источник", "المصدر", "स्रोत", "来源"),
    "source_url": ("ссылка", "الرابط", "लिंक", "链接"),
}
# What registers of promises call the same.
VERDICTS = {
    **dict.fromkeys(("kept", "promise kept", "done", "completed", "implemented", "delivered", "cumplida"), "fulfilled"),
    **dict.fromkeys(("выполнено", "تم الوفاء", "पूरा", "पूर्ण", "已兑现"), "fulfilled"),
    **dict.fromkeys(("не выполнено", "لم يتم الوفاء", "अधूरा", "未兑现"), "not_fulfilled"),
    **dict.fromkeys(("выполняется", "в процессе", "قيد التنفيذ", "जारी", "进行中"), "in_progress"),
    **dict.fromkeys(("broken", "promise broken", "failed", "not kept", "not done", "incumplida"), "not_fulfilled"),
    **dict.fromkeys(
        ("partially kept", "partial", "compromise", "partly kept", "partially fulfilled"), "partly_fulfilled"
    ),
    **dict.fromkeys(("in the works", "ongoing", "in process", "underway", "started", "en proceso"), "in_progress"),
    **dict.fromkeys(("blocked", "on hold", "suspended", "delayed"), "stalled"),
    **dict.fromkeys(("not started", "not yet started", "not yet rated", "promised", "sin iniciar"), "pledged"),
    **dict.fromkeys(("rejected", "refused", "rechazada"), "declined"),
}


@dataclass
class Chosen:
    """`columns` by our name theirs, `constants` by our name what is written where they have nothing, `words` by
    family and their folded word ours. `order`: `day` or `month` first; `serials`: numbers are spreadsheets' days."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    order: str = ""
    serials: bool = False
    new_actors: bool = True
    new_terms: bool = True
    shorten: bool = True

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Chosen:
        return cls(**told)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def given(self, row: Row) -> dict[str, str]:
        """By our names what the row holds, as it is written; constants where it holds nothing."""
        found = {}
        for name, theirs in self.columns.items():
            found[name] = str(row.number) if theirs == ROW_NUMBER else row.cells.get(theirs, "")
        for name, constant in self.constants.items():
            if not found.get(name, "").strip() and self._applies(name, found):
                found[name] = constant
        return found

    def _applies(self, name: str, found: Mapping[str, str]) -> bool:
        """A basis for all days is none for a day that is not told."""
        day = name.removesuffix("_basis").removesuffix("_note")
        return day == name or day not in DATES or bool(found.get(day, "").strip())

    def ours(self, family: str, word: str) -> str:
        return self.words.get(family, {}).get(folded(word), "")


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """How names and words are compared: without case, accents, full-width forms and doubled spaces."""
    spread = unicodedata.normalize("NFKD", plain(word).replace("_", " ").casefold())
    # Only the accents of Latin, Greek and Cyrillic letters: the signs of other scripts are letters.
    return unicodedata.normalize("NFC", " ".join(re.sub("[\u0300-\u036f]", "", spread).split()))


def word_of(words: Words, written: str) -> str:
    """The slug of a closed list that somebody wrote as slug or label, or ''."""
    wanted = folded(written)
    return next((s for s, w in words.words.items() if wanted in {folded(s), folded(w.en), folded(w.es)}), "")


def suggested(table: Table, *, data_set: str = "", language: str = "") -> Chosen:
    """By likeness of names first, then by what the columns hold."""
    chosen = Chosen(columns=_by_name(table.columns))
    _by_content(table, chosen, language)
    if "claimant" not in chosen.columns and "promisor" in chosen.columns:
        chosen.columns["claimant"] = chosen.columns["promisor"]
    for name in ("said_on", "effective"):
        if name not in chosen.columns and "made_on" in chosen.columns:
            chosen.columns[name] = chosen.columns["made_on"]
    wanted = {"form": "pledge", "status": "pledged", "speech_act": "pledges", "reading": "outlet"}
    wanted["note"] = f"As “{data_set}” has it." if data_set else ""
    chosen.constants = {name: value for name, value in wanted.items() if value and name not in chosen.columns}
    chosen.constants |= {f"{day}_basis": "stated" for day in DATES if f"{day}_basis" not in chosen.columns}
    chosen.constants |= {
        f"{role}_kind": "state" for role in ("promisor", "promisee") if f"{role}_kind" not in chosen.columns
    }
    return chosen


def _by_name(columns: Iterable[str]) -> dict[str, str]:
    """The best pairs first; each of their columns is offered once."""
    pairs = []
    for name, column in COLUMNS.items():
        for place, alias in enumerate((name, *column.names, *ELSEWHERE.get(name, ()))):
            for theirs in columns:
                likeness = fuzz.ratio(folded(alias), folded(theirs))
                if likeness >= LIKE_ENOUGH:
                    pairs.append((-likeness, place, name, theirs))
    found: dict[str, str] = {}
    for _likeness, _place, name, theirs in sorted(pairs):
        if name not in found and theirs not in found.values():
            found[name] = theirs
    return found


def _by_content(table: Table, chosen: Chosen, language: str) -> None:
    """Days, addresses, ids and long texts are known by what they hold, whatever the column is called."""
    looked = table.rows[:LOOKED_AT]
    held = {name: [cell for row in looked if (cell := row.cells.get(name, "").strip())] for name in table.columns}
    free = {name: cells for name, cells in held.items() if cells and name not in chosen.columns.values()}

    def is_dated(cell: str) -> bool:
        return looks_like_a_day(cell, language)

    def is_link(cell: str) -> bool:
        return cell.startswith(("http://", "https://"))

    days = [name for name, cells in free.items() if _mostly(cells, is_dated) and not _plain_numbers(cells)]
    links = [name for name, cells in free.items() if _mostly(cells, is_link)]
    ids = [name for name, cells in free.items() if len({*cells}) == len(looked) and max(map(len, cells)) <= 40]
    texts = sorted(free, key=lambda name: -sum(map(len, free[name])))
    ids = [name for name in ids if name not in days + links]
    key = [] if "key" in chosen.columns else ids[:1]
    texts = [name for name in texts if name not in days + links + key]
    telling = [name for name in texts if len({*free[name]}) >= MOSTLY * len(free[name])]
    if "quote" not in chosen.columns and "title" not in chosen.columns and len(telling) > 1:
        # Of two columns that tell each row apart the longer one quotes.
        chosen.columns |= {"quote": telling[0], "title": telling[1]}
    for name, offered in (("made_on", days), ("due", days), ("source_url", links), ("key", ids), ("title", texts)):
        if name not in chosen.columns and offered and (name != "due" or "made_on" in chosen.columns):
            chosen.columns[name] = offered.pop(0)
    chosen.columns.setdefault("key", ROW_NUMBER)
    if "quote" not in chosen.columns and "title" in chosen.columns:
        chosen.columns["quote"] = chosen.columns["title"]
    dated = [cell for name in DATES for cell in held.get(chosen.columns.get(name, ""), ())]
    chosen.serials = bool(dated) and _mostly(dated, lambda cell: bool(SERIAL.fullmatch(plain(cell))))
    chosen.order = _order(dated)


def _plain_numbers(cells: list[str]) -> bool:
    return all(plain(cell).isdigit() for cell in cells) and not _mostly(cells, lambda cell: len(plain(cell)) == 4)


def _mostly(cells: list[str], holds: Any) -> bool:
    return sum(map(bool, map(holds, cells))) >= MOSTLY * len(cells)


def _order(cells: Iterable[str]) -> str:
    """`day` or `month` where some days of the data set allow one order alone, and none the other."""
    told = [re.match(r"(\d{1,2})[./\- ](\d{1,2})[./\- ]\d{4}", plain(cell)) for cell in cells]
    first = any(int(match[1]) > 12 for match in told if match)
    second = any(int(match[2]) > 12 for match in told if match)
    if first == second:
        return ""
    return "day" if first else "month"


def words_of(table: Table, chosen: Chosen) -> dict[str, Counter[str]]:
    """By family the distinct words that the file holds, with how often: what the mapping asks about."""
    known = {*FAMILIES, "actor", "kind", "topic", "place"}
    asked = [column for name in chosen.columns if (column := COLUMNS[name]).family in known]
    found: dict[str, Counter[str]] = {column.family: Counter() for column in asked}
    for row in table.rows:
        given = chosen.given(row)
        for column in asked:
            cell = given.get(column.name, "").strip()
            found[column.family].update(listed(cell) if column.several else [cell] if cell else [])
    return found


def offered(words: Words, word: str) -> str:
    """The word of a closed list that one of theirs may stand for; a suggestion, '' for none."""
    return word_of(words, word) or (VERDICTS.get(folded(word), "") if "fulfilled" in words else "")
