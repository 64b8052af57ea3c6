"""Files of others as tables: what is read, how it is guessed, and what is refused in a sentence. No database."""

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from commitments.captures.tables import NotATable, Way, defused, read, render, sniffed, text_of, undefused
from commitments.importers.columns import COLUMNS
from commitments.importers.exporting import WRITERS
from commitments.importers.mapping import suggested
from tests.imports import HINDI, as_csv

BOMB = b"".join(b"- &a%d [*a%d, *a%d]\n" % (n, n - 1, n - 1) if n else b"- &a0 x\n" for n in range(30))


def cells(data, **told):
    table = read(data, sniffed(data, **told))
    return [table.columns, *([row.cells.get(name, "") for name in table.columns] for row in table.rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding, delimiter):
    assert cells(as_csv(HINDI, encoding, delimiter)) == HINDI


@pytest.mark.parametrize(("language", "encoding", "word"), [("ru", "cp1251", "имя"), ("ar", "cp1256", "اسم")])
def test_of_files_before_unicode_the_language_tells_the_encoding(language, encoding, word):
    found = sniffed(as_csv([[word, "b"], ["1", "2"]], encoding), language=language)
    assert found == Way("csv", encoding, "semicolon")


def test_the_letters_of_western_europe_are_read_without_a_language():
    assert cells("país;año\nPerú;2021\n".encode("cp1252")) == [["país", "año"], ["Perú", "2021"]]


def test_the_text_follows_from_the_bytes_and_the_normaliser():
    data = as_csv(HINDI, "utf-16")
    way = sniffed(data)
    assert text_of(data, way.normaliser) == render(read(data, way)).text
    assert way.normaliser == "rows of a table, one cell a line; csv, utf-16, semicolon; version 1"


def test_a_cell_is_found_where_it_stands():
    rendered = render(read(as_csv(HINDI), Way("csv", "utf-8", "semicolon")))
    start, end = rendered.cells[0]["वचन"]
    assert rendered.text[start:end] == HINDI[1][1]
    assert rendered.text[slice(*rendered.rows[1])].startswith("Row 2\nक्रमांक: H-2\n")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.json", b"[" * 100_000, "nested more than"),
        ("a.yaml", b"[" * 100_000, "nested more than"),
        ("a.yaml", b"- {a: " * 100_000, "no YAML"),
        ("a.json", b'[{"a": 1, "a": 2}]', "“a” stands twice"),
        ("a.yaml", b"- {a: 1, a: 2}", "“a” stands twice"),
        ("a.json", b'[{"a": NaN}]', "no value of JSON"),
        ("a.json", b'[{"a": "\\ud800"}]', "surrogate"),
        ("a.json", b'[{"a": "\\u0000"}]', "NUL"),
        ("a.csv", b"a,b\n" + b"1,2\n" * 50 + b"1,x\0y\n", "NUL"),
        ("a.json", b'[{"a": 1', "no JSON"),
        ("a.json", b"[1, 2]", "list of rows"),
        ("a.yaml", BOMB, "anchors, aliases and tags are not read"),
        ("a.yaml", b"- {a: !!python/name:os.system x}", "anchors, aliases and tags are not read"),
        ("a.yaml", b"- {a: 1}\n---\n- {a: 2}\n", "one YAML document"),
        ("a.csv", b'a,b\n"1,2\n', "each is closed"),
        ("a.csv", b"a,a\n1,2\n", "“a” stands there twice"),
        ("a.csv", b"a,b\n", "no row below"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"PK\x03\x04 a workbook", "save it as CSV"),
        ("a.csv", b",".join(b"c%d" % n for n in range(300)) + b"\n1", "at most 200"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(name, data, told):
    with pytest.raises(NotATable, match=told):
        render(read(data, sniffed(data, name=name)))


def test_numbers_stay_the_text_that_somebody_wrote():
    assert cells(b'[{"a": ' + b"9" * 5000 + b', "b": 0123e5}]'.replace(b"0123e5", b"1.50")) == [
        ["a", "b"],
        ["9" * 5000, "1.50"],
    ]


def test_members_of_members_are_columns_by_their_path():
    found = cells(b'{"promises": [{"when": {"from": "2021"}, "who": ["a", "b"], "open": true, "x": null}]}')
    assert found == [["when.from", "who", "open", "x"], ["2021", "a; b", "true", ""]]


def test_a_row_with_cells_too_many_is_a_fault_of_that_row_alone():
    faults = [row.fault for row in read(b"a,b\n1,2\n1,2,3\n1\n", Way("csv", "utf-8", "comma")).rows]
    assert [bool(fault) for fault in faults] == [False, True, True]


def test_without_a_language_the_letters_tell_the_encoding():
    rows = [["Название", "Кто обещал"], ["Велмора строит мост через реку", "Министр транспорта"]]
    assert sniffed(as_csv(rows, "cp1251")).encoding == "cp1251"
    assert sniffed(as_csv([["título", "año"], ["construcción", "señaló"]], "cp1252")).encoding == "cp1252"


def test_a_wrong_encoding_is_told():
    with pytest.raises(NotATable, match="not written in utf-8"):
        read("año".encode("cp1252"), Way("csv", "utf-8", "comma"))


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "-2", "+3", "\t=1", "'=1", "''-x", "＝1", "it's", "'quoted'", "–", ""]
)
def test_a_formula_is_defused_and_read_back_as_it_was(cell):
    assert undefused(defused(cell)) == cell
    assert defused(cell)[:1] not in "=+-@\t" or not cell


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=30)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(list(COLUMNS)), TEXT.filter(str.strip), min_size=1, max_size=8),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("format_", list(WRITERS))
@given(rows=ROWS)
def test_rows_to_a_file_to_rows_is_the_identity(format_, rows):
    data = "".join(WRITERS[format_](rows)).encode()
    table = read(data, sniffed(data, name=f"export.{format_}"))
    assert [{name: cell for name, cell in row.cells.items() if cell} for row in table.rows] == rows


def test_every_column_of_the_format_is_documented():
    told = (settings.BASE_DIR / "fixtures/README.md").read_text().partition("# The flat format of imports")[2]
    assert [name for name in COLUMNS if f"`{name}`" not in told] == []


@pytest.mark.parametrize("format_", list(WRITERS))
def test_the_samples_are_rows_of_the_format_and_all_the_same(format_):
    found = [
        [{name: cell for name, cell in row.cells.items() if cell} for row in read(data, sniffed(data)).rows]
        for data in ((settings.BASE_DIR / f"fixtures/samples/sample.{name}").read_bytes() for name in (format_, "json"))
    ]
    assert found[0] == found[1] and {*found[0][0]} <= {*COLUMNS}


PORTS = [
    ["n-1", "Порт", "«Мы построим порт на берегу Велморы»", "01.05.2024", "Велмора", "выполнено"],
    ["n-2", "Мост", "«Мост через Остмарк будет готов»", "17.06.2024", "Остмарк", "не выполнено"],
    ["n-3", "Дорога", "«Дорога в Остмарк будет проложена»", "18.06.2024", "Остмарк", "не выполнено"],
    ["n-4", "Школа", "«Мы откроем школу в Велморе»", "02.05.2024", "Велмора", "не выполнено"],
]


@pytest.mark.parametrize(
    "names",
    [
        ("Номер", "Название", "Цитата", "Дата", "Страна", "Статус"),
        ("رقم", "العنوان", "الاقتباس", "التاريخ", "الدولة", "الحالة"),
        ("क्रमांक", "शीर्षक", "उद्धरण", "तारीख", "देश", "स्थिति"),
        ("编号", "标题", "引文", "日期", "国家", "状态"),
    ],
)
def test_columns_in_other_scripts_are_offered_by_their_names(names):
    told = suggested(table_of(names)).columns
    assert [told[name] for name in ("key", "title", "quote", "made_on", "promisor", "status")] == list(names)


def test_of_two_columns_that_tell_rows_apart_the_longer_one_is_offered_as_quote():
    told = suggested(table_of(("a", "b", "c", "d", "e", "f"))).columns
    assert (told["key"], told["title"], told["quote"], told["made_on"]) == ("a", "b", "c", "d")


def table_of(names):
    data = as_csv([names, *PORTS])
    return read(data, sniffed(data, name="ports.csv"))
