"""What the pure modules and the models say, in the language of whoever reads it.

Pure modules know no language: the rubric's words carry their Spanish, and sentences keep their pattern apart from
what was put in. Names and help texts of the models are translated in one place, `translate_models`, so that no
migration carries a language.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.functional import lazy as lazily
from django.utils.translation import get_language, get_language_info, gettext, gettext_lazy

from commitments.vocabulary import Sentence, Word, Words


def language_of_address(path: str) -> str:
    return "es" if f"{path}/".startswith("/es/") else "en"


def language_named(tag: str) -> str:
    """A language by its name in the reader's own; by its tag where Django knows none."""
    try:
        return str(get_language_info(tag.partition("-")[0])["name_translated"])
    except KeyError:
        return tag


def label(words: Words, slug: str) -> str:
    return word_label(words[slug])


def word_label(word: Word) -> str:
    return word.es if get_language() == "es" else word.en


def meaning(word: Word) -> str:
    return gettext(word.meaning) if word.meaning else ""


lazy_label = lazily(word_label, str)


def choices(words: Words) -> list[tuple[str, Any]]:
    return [(word.slug, lazy_label(word)) for word in words.words.values()]


def word_explained(word: Word) -> str:
    return f"{word_label(word)}: {meaning(word)}" if word.meaning else word_label(word)


lazy_explained = lazily(word_explained, str)


def explained(words: Words) -> list[tuple[str, Any]]:
    """Choices with what each means."""
    return [(word.slug, lazy_explained(word)) for word in words.words.values()]


def in_language(said: str) -> str:
    """A sentence of a pure module, with those inside it; any other text as it is."""
    if not isinstance(said, Sentence):
        return said
    facts = {name: in_language(fact) if isinstance(fact, str) else fact for name, fact in said.facts.items()}
    return gettext(said.pattern) % facts


def translate_models(app: AppConfig) -> None:
    """`_verbose_name` and `original_attrs`, which migrations read, stay as they were written."""
    for model in app.get_models():
        options = model._meta
        options.verbose_name = _lazy(options.verbose_name)
        options.verbose_name_plural = _lazy(options.verbose_name_plural)
        for field in options.local_fields + options.local_many_to_many:
            field.verbose_name = _lazy(field.verbose_name)
            field.help_text = _lazy(field.help_text)


def _lazy(text: Any) -> Any:
    """gettext answers the catalogue's own header for an empty text."""
    return gettext_lazy(str(text)) if text else text
