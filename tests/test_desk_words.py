"""What the desk says: all of it can be said in Spanish, and is."""

import ast
import re
from html.parser import HTMLParser

import polib
import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse

from commitments.messages import MO, PO, ROOM, SIGN_IN, messages
from tests.desk import errors, page, send, signed_in
from tests.screens import screens

CATALOGUE = polib.pofile(str(PO))
TEMPLATES = sorted([*(ROOM / "templates/admin").rglob("*.html"), *(SIGN_IN / "templates").rglob("*.html")])
ADMIN = sorted([*(ROOM / "admin").glob("*.py"), *SIGN_IN.glob("*.py")])
# Attributes that people read or hear.
READ = ("title", "alt", "placeholder", "aria-label", "value")
SAID = {"description", "label", "help_text", "verbose_name", "verbose_name_plural", "title", "submit"}


def spanish(entry):
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def test_everything_the_desk_says_has_its_spanish():
    """`manage.py take_messages` brings the catalogue up to date; what is new in it is then written by a person."""
    there = {(e.msgid, e.msgid_plural): all(spanish(e)) for e in CATALOGUE}
    assert [text for text in messages() if not there.get(text)] == []


def test_the_catalogue_has_nothing_that_nobody_says():
    assert {(e.msgid, e.msgid_plural) for e in CATALOGUE} - set(messages()) == set()


def test_the_compiled_catalogue_is_what_the_written_one_says():
    assert MO.read_bytes() == CATALOGUE.to_binary()


@pytest.mark.parametrize("sign", [r"%\(\w+\)s", r"<[^>]+>"])
def test_the_spanish_puts_in_what_the_english_does(sign):
    def holes(text):
        return set(re.findall(sign, text))

    assert [
        e.msgid for e in CATALOGUE if any(holes(said) != holes(e.msgid_plural or e.msgid) for said in spanish(e))
    ] == []


class Texts(HTMLParser):
    """What a person reads on a page: texts, and the attributes that are read."""

    def __init__(self):
        super().__init__()
        self.found, self.apart = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "style", "textarea", "pre", "code", "option"):
            self.apart.append(tag)
        hidden = (
            given.get("type") in ("hidden", "text", "search", "number", "radio", "checkbox", "url") or tag == "option"
        )
        names = READ if tag == "input" and not hidden else READ[:-1]
        self.found += [given[name] for name in names if given.get(name)]

    def handle_endtag(self, tag):
        if self.apart and self.apart[-1] == tag:
            self.apart.pop()

    def handle_data(self, data):
        if not self.apart and data.strip():
            self.found.append(" ".join(data.split()))


def texts(html):
    parser = Texts()
    parser.feed(html)
    return parser.found


def unwrapped(template):
    """The template's own text outside its tags: what no tag of translation holds."""
    kept, within = [], False
    for token in Lexer(template.read_text()).tokenize():
        if token.token_type is TokenType.TEXT and not within:
            kept.append(token.contents)
        if token.token_type is TokenType.BLOCK and re.match(
            r"(end)?(blocktranslate|comment|block bodyclass)", token.contents
        ):
            within = not token.contents.startswith("end")
    return [text for text in texts("".join(kept)) if re.search(r"[A-Za-z]{2}", text)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_of_the_desk_says_anything_in_english_alone(template):
    assert unwrapped(template) == []


@pytest.mark.parametrize("module", ADMIN, ids=lambda path: path.stem)
def test_no_label_of_the_desk_is_in_english_alone(module):
    said = []
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.keyword) and node.arg in SAID:
            said.append(node.value)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in SAID:
            said.append(node.value)
    assert [s.value for s in said if isinstance(s, ast.Constant) and re.search("[a-z]{2}", str(s.value))] == []


def test_no_screen_of_the_desk_is_left_in_english(world):
    english = {e.msgid.lower().rstrip(":") for e in CATALOGUE if e.msgstr.lower() != e.msgid.lower()}
    curator = signed_in(is_superuser=True)
    curator.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    left = {}
    for url in screens(world, get_user(curator)):
        answer = curator.get(url)
        assert answer.status_code == 200, url
        said = {text.lower().rstrip(":") for text in texts(answer.content.decode())}
        left |= {url: sorted(said & english)} if said & english else {}
    assert left == {}


def test_a_language_is_chosen_in_the_header_and_kept(world):
    curator = signed_in("curator")
    answer = curator.post("/i18n/setlang/", {"language": "es", "next": "/admin/"})
    assert answer.headers["Location"] == "/admin/"
    assert '<html lang="es"' in curator.get("/admin/").content.decode()


def test_a_language_that_is_not_spoken_here_changes_nothing(world):
    curator = signed_in("curator")
    curator.post("/i18n/setlang/", {"language": "xx", "next": "/admin/"})
    assert '<html lang="en"' in curator.get("/admin/").content.decode()


def in_spanish(*groups):
    client = signed_in(*groups)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    return client


def test_a_refusal_of_the_database_is_told_in_spanish(world):
    answer = send(in_spanish("curator"), page(world.offer), bearings__0__reading="outlet")
    assert "Toda lectura que no sea “literal” necesita una nota" in errors(answer)


def test_a_refusal_of_a_pure_module_is_told_in_spanish(world):
    answer = send(in_spanish("curator"), page(world.offer), said_on_edtf="2021-02-30")
    assert "no es un día del calendario" in errors(answer) and "escriba un día 2021-01-14" in errors(answer)


def test_a_refusal_of_an_action_is_told_in_spanish(world):
    claim = world.draft_claim("Sutherland has accepted the boats", bears="agreed")
    url = f"/admin/commitments/claim/publish/?id={claim.pk}"
    answer = send(in_spanish("curator"), url, things=[claim.pk], reason="Primer registro.")
    assert "Menciona lo que no está publicado: pasaje" in errors(answer)


def test_the_words_of_the_rubric_are_shown_in_spanish(world):
    shown = in_spanish("curator").get("/admin/commitments/commitment/").content.decode()
    assert "Propuesto" in shown and "No aceptado" in shown


def test_the_page_of_ones_own_sign_in_speaks_spanish(world):
    shown = in_spanish("curator").get("/admin/", follow=True).content.decode()
    assert "Su acceso" in shown and "Your sign-in" not in shown
    shown = in_spanish("curator").get(reverse("mfa_index")).content.decode()
    assert "Segundos factores" in shown and "Dónde tiene la sesión abierta" in shown


def test_the_sign_in_page_speaks_spanish(db):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    shown = client.get("/admin/login/", follow=True).content.decode()
    assert "Iniciar sesión" in shown and "Registro de compromisos y declaraciones" in shown
