"""What axe finds on a page in the browser."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

_axe = Axe()
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
ALL = {"resultTypes": ["violations"]}


def faults(page: Any, options: dict[str, Any] = ALL) -> list[tuple[str, str]]:
    """(rule, element) of each rule that is broken, for who asks for less motion: a page that stands still shows axe
    no colour on its way to another one."""
    page.emulate_media(reduced_motion="reduce")
    moves = [("moves", page.url)] if page.evaluate("document.getAnimations().length") else []
    found = _axe.run(page, options=options).response["violations"]
    return moves + [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found]
