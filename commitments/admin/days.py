"""Days that follow from others: by when something held, and that nothing is told."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.dates import UncertainDate


def unknown_day() -> UncertainDate:
    note = _("No day was given when it was recorded.")
    return UncertainDate.read(None, basis="unknown", note=note, recorded_on=timezone.now().date())


def known_by(said: UncertainDate, note: str) -> UncertainDate:
    """True by the day it was said; unknown where that is."""
    if not said.is_bounded:
        return unknown_day()
    told = f"/{said.latest.isoformat()}"
    return UncertainDate.read(told, basis="known_by", note=note, recorded_on=timezone.now().date())


def true_by(said: UncertainDate) -> UncertainDate:
    """From when a status held that somebody told that day."""
    return known_by(said, _("True by the day it was said."))
