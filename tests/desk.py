"""People at the desk, and their forms filled in as a browser would."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from html.parser import HTMLParser
from itertools import count
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.admin.utils import quote
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from tracker.accounts import sessions

_numbers = count(1)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "at-the-desk-of-norland"


class QuickHasher(PBKDF2PasswordHasher):
    """The server's own, which it reads, without the time that guards real passwords."""

    iterations = 1


def signed_in(*groups: str, **flags: Any) -> Client:
    """Somebody of these groups, who may enter the admin."""
    user = User.objects.create_user(f"person-{next(_numbers)}", **({"is_staff": True} | flags))
    user.groups.set(Group.objects.filter(name__in=groups))
    return entered(user)


def entered(user: User) -> Client:
    """In a session that began just now with a password and a code."""
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, SECRET)
    client = Client()
    client.force_login(user)
    session, now = client.session, time.time()
    session.update({sessions.BEGAN: now, sessions.SEEN: now, _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk)})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": now}]
    session.save()
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key=session.session_key)
    return client


def passkey_of(user: User) -> Authenticator:
    """A passkey such as a browser registers, of whose private key nobody knows."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(Aaguid.NONE, b"a passkey of this test", key)
    data = AuthenticatorData.create(sha256(b"testserver").digest(), AuthenticatorData.FLAG(0x45), 0, held)
    client = {"type": "webauthn.create", "challenge": "AAAA", "origin": "https://testserver"}
    response = {
        "clientDataJSON": websafe_encode(json.dumps(client).encode()),
        "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
    }
    name = websafe_encode(held.credential_id)
    credential = {"id": name, "rawId": name, "type": "public-key", "response": response}
    return WebAuthn.add(user, "Key", credential | {"clientExtensionResults": {}}).instance


def code_of(secret: str = SECRET, *, ahead: int = 0) -> str:
    """What an authenticator app shows now, or so many times half a minute later: each counts once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def account(name: str, *groups: str, enrolled: bool = True, **flags: Any) -> User:
    """Somebody with PASSWORD, and with the authenticator app of SECRET."""
    user = User.objects.create_user(name, password=PASSWORD, **({"is_staff": True} | flags))
    user.groups.set(Group.objects.filter(name__in=groups))
    if enrolled:
        TOTP.activate(user, SECRET)
    return user


def sign_in(page: Any, url: str, name: str) -> None:
    """As a person of `account` would, in a browser, on the way to an address of the desk."""
    page.goto(url)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Code").fill(code_of())
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/admin/**")


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
            unsaid = "on" if given.get("type") == "checkbox" else ""
            self.data.setdefault(name, []).append(given.get("value", unsaid))

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


def send(client: Client, url: str, /, **changed: Any) -> Any:
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
