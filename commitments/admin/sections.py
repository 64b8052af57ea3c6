"""The nouns in the order in which curators think of them, on the first page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

SECTIONS: dict[Any, tuple[str, ...]] = {
    _("Review"): ("ReviewSet",),
    _("Sources and passages"): ("Source", "Capture", "Fetch", "Passage", "Import"),
    _("Claims"): ("Claim",),
    _("Commitments and statuses"): ("Commitment", "StatusChange"),
    _("People and places"): ("Actor", "Office", "Occasion", "Term"),
    _("The ledger"): ("Entry", "Version"),
}


def in_sections(listed: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    """Django's list of apps, with ours taken apart into sections."""

    def app_list(request: Any, app_label: str | None = None) -> list[dict[str, Any]]:
        found = listed(request, app_label)
        ours = [app for app in found if app["app_label"] == "commitments"]
        others = [app for app in found if app["app_label"] != "commitments"]
        return [section for app in ours for section in _sections(app)] + others

    return app_list


def _sections(app: dict[str, Any]) -> list[dict[str, Any]]:
    by_name = {model["object_name"]: model for model in app["models"]}
    sections = [
        app | {"name": title, "models": [by_name[name] for name in names if name in by_name]}
        for title, names in SECTIONS.items()
    ]
    return [section for section in sections if section["models"]]
