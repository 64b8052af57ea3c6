"""People at the desk, and their forms filled in as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import count
from typing import Any

from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

_numbers = count(1)


def signed_in(*groups: str, **flags: Any) -> Client:
    """Somebody of these groups, who may enter the admin."""
    user = User.objects.create_user(f"person-{next(_numbers)}", **({"is_staff": True} | flags))
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


def page(thing: Any, name: str = "change", *more: str) -> str:
    return reverse(f"admin:commitments_{thing._meta.model_name}_{name}", args=[quote(thing.pk), *more])


def listed(model: Any, name: str = "changelist") -> str:
    return reverse(f"admin:commitments_{model._meta.model_name}_{name}")


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type")
    return kind not in ("submit", "file") and (kind not in ("checkbox", "radio") or "checked" in given)


class _Fields(HTMLParser):
    """What a browser would send of the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.data.setdefault(self.select, []).append(given["value"])
        elif tag == "textarea":
            self.textarea = name
            self.data[name] = [""]
        elif tag == "input" and name and _is_sent(given):
            self.data.setdefault(name, []).append(given.get("value", "on" if given.get("type") == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            # Browsers and HTML leave out the first line end of the element.
            self.data[self.textarea] = [self.data[self.textarea][0].removeprefix("\n").removeprefix("\r\n")]
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.data[self.textarea][0] += data


def fields(client: Client, url: str) -> dict[str, list[str]]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    parser = _Fields()
    parser.feed(answer.content.decode())
    return parser.data


def send(client: Client, url: str, **changed: Any) -> Any:
    """The page's form with some fields changed; `__` in a name stands for `-`."""
    given = {name.replace("__", "-"): value for name, value in changed.items()}
    return client.post(url, fields(client, url) | given)


def errors(answer: Any) -> str:
    """Everything that the form's page says is wrong."""
    assert answer.status_code == 200, f"{answer.status_code} {answer.headers.get('Location', '')}"
    found = answer.context.get("errors", [])
    told = [str(e) for group in found for e in group]
    if "form" in answer.context:
        told += [str(e) for group in answer.context["form"].errors.values() for e in group]
    return " ".join(told)
