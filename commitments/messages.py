"""The catalogue: every English text that a person may read at the desk or on a page, and where its Spanish is kept.

Texts are found where they are said: calls of `gettext` and its like in the code, tags in the templates as Django's
own parser reads them, and the models' names. Needs no GNU gettext.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.template import engines
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation

from commitments import vocabulary

ROOM = Path(__file__).resolve().parent
PO = ROOM / "locale/es/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
# Who signs in reads the desk's language before they are at the desk.
SIGN_IN = ROOM.parent / "tracker/accounts"
# For programs and those who write them.
ENGLISH_ALONE = ("api", "templates/api")
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "Sentence", "InvalidDate"), 1),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), 2),
}

# (text, its plural or "")
Message = tuple[str, str]


def messages() -> dict[Message, str]:
    """Every text and the file that says it first."""
    found: dict[Message, str] = {}
    for path in files():
        for message in in_code(path) if path.suffix == ".py" else in_template(path):
            found.setdefault(message, str(path.relative_to(ROOM.parent)))
    for text in names_of_models():
        found.setdefault((text, ""), "commitments/models")
    for text in meanings():
        found.setdefault((text, ""), "commitments/vocabulary.py")
    return found


def files() -> list[Path]:
    """The code and the templates of the desk, the pages and what they call."""
    found = [
        *ROOM.rglob("*.py"),
        *(ROOM / "templates").rglob("*.html"),
        *SIGN_IN.rglob("*.py"),
        *SIGN_IN.rglob("*.html"),
    ]
    apart = [ROOM / name for name in (*ENGLISH_ALONE, "migrations")]
    said = [path for path in found if not any(path.is_relative_to(folder) for folder in apart)]
    # What went wrong is told on pages too.
    return sorted([*said, ROOM / "api/problems.py"])


def in_code(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and (number := CALLS.get(_called(node.func))):
            texts = [a.value for a in node.args[:number] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if len(texts) == number:
                yield texts[0], texts[1] if number == 2 else ""


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def in_template(path: Path) -> Iterator[Message]:
    for node in nodes_of(path):
        if isinstance(node, TranslateNode):
            yield node.filter_expression.var.literal, ""
        else:
            yield _text(node, node.singular), _text(node, node.plural) if node.plural else ""
    # Texts in a tag's own arguments.
    for text in re.findall(r"_\(\"(.+?)\"\)", path.read_text()):
        yield text, ""


def _text(node: BlockTranslateNode, tokens: Any) -> str:
    """As Django itself looks it up: placeholders for variables, white space trimmed where the tag says so."""
    return str(node.render_token_list(tokens)[0])


def nodes_of(path: Path) -> list[Any]:
    template = Template(path.read_text(), engine=engines["django"].engine)  # type: ignore[attr-defined]
    kinds: tuple[type[Node], ...] = (TranslateNode, BlockTranslateNode)
    return [node for kind in kinds for node in template.nodelist.get_nodes_by_type(kind)]


def names_of_models() -> Iterator[str]:
    with translation.override("en"):
        for options in (model._meta for model in _shown()):
            yield from (str(options.verbose_name), str(options.verbose_name_plural))
            for field in options.local_fields + options.local_many_to_many:
                yield from (str(text) for text in (field.verbose_name, field.help_text) if text)


def _shown() -> list[type[Model]]:
    """The models that have a page of the desk, or a part of one."""
    desk = [model for model in admin.site._registry.values() if model.opts.app_label == "commitments"]
    return [model.model for room in desk for model in (room, *room.inlines)]


def meanings() -> Iterator[str]:
    """The words themselves have their Spanish in the rubric."""
    lists = [words for words in vars(vocabulary).values() if isinstance(words, vocabulary.Words)]
    yield from (word.meaning for words in lists for word in words.words.values() if word.meaning)
