"""Every address of the desk and of one's own account, and what it answers to whom.

A page that is new needs a line: most are of a kind, and KINDS tells what its kind answers. Where an address has
parts other than the id of a thing of its model, PARTS gives an example of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils.http import urlencode

from commitments import models
from tests.begun import begun
from tests.desk import PASSWORD, account, passkey_of, signed_in
from tests.hidden import Hidden
from tests.roles import deactivated
from tracker.accounts import sessions
from tracker.accounts.models import Failure

WITHIN = ("without a group", "contributor", "curator", "security admin", "superuser")
OUTSIDE = ("anonymous", "not staff", "password alone", "deactivated")


def within(*statuses: int, **others: int) -> dict[str, int]:
    """In the order of WITHIN; whoever stands outside is led to the sign-in, or to a second factor."""
    return dict.fromkeys(OUTSIDE, 302) | dict(zip(WITHIN, statuses, strict=True)) | _spaced(others)


def own(signed_in: int, **others: int) -> dict[str, int]:
    """A page of one's own account, alike for all who are signed in."""
    stranger = {"anonymous": 302, "deactivated": 302}
    return dict.fromkeys((*WITHIN, *OUTSIDE), signed_in) | stranger | _spaced(others)


def _spaced(named: dict[str, int]) -> dict[str, int]:
    return {name.replace("_", " "): status for name, status in named.items()}


DRAFTING = within(403, 200, 200, 403, 200)
PUBLISHING = within(403, 403, 200, 403, 200)
ACCOUNTS = within(403, 403, 403, 200, 200)
SUPERUSERS = within(403, 403, 403, 403, 200)
NOBODY = within(403, 403, 403, 403, 403)
# Only sent to; being opened, it leads back to the page that sends.
SENT_BY_DRAFTERS = within(403, 302, 302, 403, 302)
SENT_BY_PUBLISHERS = within(403, 403, 302, 403, 302)

# By the end of the name, of every noun of the desk.
KINDS = {
    "changelist": DRAFTING,
    "add": DRAFTING,
    "change": DRAFTING,
    "history": DRAFTING,
    "delete": PUBLISHING,
    "publish": PUBLISHING,
    "publish_edits": PUBLISHING,
    "retract": PUBLISHING,
    "record_status": PUBLISHING,
    "correct": PUBLISHING,
    "bring": DRAFTING,
    "comments": DRAFTING,
    "undo": PUBLISHING,
    "discard": PUBLISHING,
    "merge": PUBLISHING,
    "unmerge": PUBLISHING,
    "start": DRAFTING,
    "waiting": DRAFTING,
    "mark": DRAFTING,
    "look": DRAFTING,
    "pick": DRAFTING,
    "unmark": SENT_BY_DRAFTERS,
    "recapture": DRAFTING,
    "archive": DRAFTING,
    "difference": DRAFTING,
    "again": DRAFTING,
    "warc": DRAFTING,
    "reading": DRAFTING,
    "mapping": DRAFTING,
    "words": DRAFTING,
    "check": SENT_BY_DRAFTERS,
    "draft": SENT_BY_DRAFTERS,
    "pause": SENT_BY_PUBLISHERS,
    "take_back": PUBLISHING,
    "rejected": DRAFTING,
    "export": DRAFTING,
}
# By the whole name; before KINDS.
PAGES = {
    "admin:index": within(200, 200, 200, 200, 200),
    "admin:login": within(302, 302, 302, 302, 302, not_staff=403),
    "admin:logout": within(405, 405, 405, 405, 405, password_alone=405),
    "admin:password_change": within(200, 200, 200, 200, 200),
    "admin:password_change_done": within(200, 200, 200, 200, 200),
    "admin:autocomplete": DRAFTING,
    "admin:jsi18n": within(200, 200, 200, 200, 200, password_alone=200),
    "admin:view_on_site": within(404, 404, 404, 404, 404),
    "admin:app_list": within(404, 200, 200, 404, 200),
    "admin:queue": DRAFTING,
    "admin:duplicates": PUBLISHING,
    # A status is undone by the form that corrects it.
    "admin:commitments_statuschange_undo": SENT_BY_PUBLISHERS,
    "admin:commitments_fetch_delete": NOBODY,
    "admin:commitments_reviewset_delete": NOBODY,
    # Of somebody else.
    "admin:commitments_reviewset_edit": NOBODY,
    **{f"admin:commitments_{model}_{kind}": NOBODY for model in ("entry", "version") for kind in ("add", "delete")},
    **{f"admin:auth_user_{kind}": ACCOUNTS for kind in ("changelist", "add", "change", "history", "password_change")},
    **{f"admin:auth_user_{verb}": ACCOUNTS for verb in ("lift_lockout", "reset_second_factor", "end_sessions")},
    "admin:auth_user_delete": NOBODY,
    **{f"admin:auth_group_{kind}": ACCOUNTS for kind in ("changelist", "change", "history")},
    **{f"admin:auth_group_{kind}": SUPERUSERS for kind in ("add", "delete")},
    **{f"admin:accounts_failure_{kind}": ACCOUNTS for kind in ("changelist", "change", "history")},
    **{f"admin:accounts_failure_{kind}": NOBODY for kind in ("add", "delete")},
    "mfa_index": own(200),
    "account_login": own(302, anonymous=200, deactivated=200),
    "account_logout": own(200),
    "mfa_authenticate": own(302),
    "account_reauthenticate": own(302, password_alone=200),
    "mfa_reauthenticate": own(200, password_alone=302),
    "mfa_reauthenticate_webauthn": own(302),
    "mfa_activate_totp": own(302, password_alone=200),
    "mfa_deactivate_totp": own(200, password_alone=404),
    "mfa_add_webauthn": own(200),
    # Of somebody else.
    "mfa_edit_webauthn": own(404),
    "mfa_remove_webauthn": own(404),
    "mfa_view_recovery_codes": own(302),
    "mfa_download_recovery_codes": own(403),
    "mfa_generate_recovery_codes": own(200),
    "account_end_other_sessions": own(405),
    "account_end_session": own(405),
}


# What is asked of a published thing, and of a source whose texts are held.
OF_PUBLISHED = ("undo", "discard", "merge", "unmerge")
OF_TEXTS = ("mark", "look", "unmark", "recapture", "archive", "difference")


def expected(name: str) -> dict[str, int]:
    """KeyError where the tables above do not tell: a new page needs its line."""
    if name in PAGES:
        return PAGES[name]
    model, _, kind = name.removeprefix("admin:commitments_").partition("_")
    return KINDS[kind] if model in apps.all_models["commitments"] else PAGES[name]


def password_alone() -> Client:
    client = Client()
    client.force_login(account(f"newcomer-{time.time_ns()}", "curator", enrolled=False))
    session = client.session
    session.update({sessions.BEGAN: time.time(), sessions.SEEN: time.time()})
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


CLIENTS = {
    "anonymous": Client,
    "not staff": lambda: signed_in("curator", is_staff=False),
    "without a group": signed_in,
    "contributor": lambda: signed_in("contributor"),
    "curator": lambda: signed_in("curator"),
    "security admin": lambda: signed_in("security admin"),
    "superuser": lambda: signed_in(is_superuser=True),
    "password alone": password_alone,
    "deactivated": deactivated,
}


def routes(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named pattern under /admin/ and /account/, by its whole name."""
    top = patterns is None
    for found in get_resolver().url_patterns if top else patterns:
        if top and str(found.pattern) not in ("admin/", "account/"):
            continue
        if isinstance(found, URLPattern):
            if found.name:
                yield namespace + found.name, found
        else:
            yield from routes(found.url_patterns, f"{found.namespace}:" if found.namespace else namespace)


class Examples:
    """One thing of every model, a draft where there can be one, and the address of every page on it."""

    def __init__(self) -> None:
        # The draft of a commitment takes the first draft of a kind.
        models.Term.objects.create(scheme="kind", slug="of-this-test", label_en="Kind of this test")
        Hidden().make(1)
        user = User.objects.create_user("somebody", password=PASSWORD)
        session = UserSession.objects.create(user=user, ip="192.0.2.1", session_key="none")
        Failure.objects.create(name="somebody", address="192.0.2.1", factor="password")
        change = models.StatusChange.objects.published().last()
        curator = User.objects.create_superuser("who-began", password=PASSWORD)
        self.begun = begun(curator)
        self.user = user
        self.parts: dict[str, dict[str, Any]] = {
            "admin:view_on_site": {"content_type_id": ContentType.objects.get_for_model(User).pk, "object_id": user.pk},
            "admin:app_list": {"app_label": "commitments"},
            "admin:auth_user_password_change": {"id": user.pk},
            "admin:commitments_commitment_correct": {"object_id": change.commitment_id, "change_id": change.pk},
            "admin:commitments_commitment_record_status": {"object_id": change.commitment_id},
            "admin:queue": {"slug": "silent"},
            "admin:commitments_source_waiting": {"fetch_id": self.begun.waiting.pk},
            "admin:commitments_fetch_again": {"object_id": self.begun.failed.pk},
            "admin:commitments_fetch_warc": {"object_id": self.begun.done.pk},
            "admin:commitments_import_export": {"object_id": self.begun.drafted.pk, "format_": "csv"},
            **{
                f"admin:commitments_import_{verb}": {"object_id": self.begun.drafted.pk}
                for verb in ("publish", "pause", "take_back")
            },
            **{f"admin:commitments_source_{page}": {"object_id": self.begun.source.pk} for page in OF_TEXTS},
            "mfa_edit_webauthn": {"pk": passkey_of(user).pk},
            "mfa_remove_webauthn": {"pk": passkey_of(user).pk},
            "account_end_session": {"pk": session.pk},
        }
        field = {"app_label": "commitments", "model_name": "claim", "field_name": "claimant"}
        draft = self.thing("commitments", "claim")
        self.queries = {
            "admin:autocomplete": field,
            "admin:commitments_reviewset_add": {"id": draft.pk},
            "admin:commitments_source_look": {"words": "boats"},
            "publish": {"id": draft.pk},
            "publish_edits": {"id": draft.pk},
        }

    def thing(self, app: str, model: str) -> Any:
        found = apps.get_model(app, model).objects
        if app == "auth":
            return self.user if model == "user" else Group.objects.get(name="contributor")
        drafts = found.filter(published_at=None) if hasattr(found, "drafts") else found.none()
        return drafts.last() or found.last()

    def published(self, model: str) -> dict[str, Any]:
        thing = apps.get_model("commitments", model).objects.published().order_by("pk").last()
        return {"object_id": thing.pk, "seq": models.Entry.objects.filter(subject_id=thing.pk).latest("pk").pk}

    def address(self, name: str, pattern: URLPattern) -> str:
        app, _, rest = name.removeprefix("admin:").partition("_")
        model, _, kind = rest.partition("_")
        parts = self.parts.get(name, {})
        if not parts and "object_id" in pattern.pattern.converters:
            parts = self.published(model) if kind in OF_PUBLISHED else {"object_id": self.thing(app, model).pk}
            parts = {part: parts[part] for part in pattern.pattern.converters}
        query = self.queries.get(name) or (kind in self.queries and {"id": self.thing(app, model).pk})
        return reverse(name, kwargs=parts) + (f"?{urlencode(query)}" if query else "")
