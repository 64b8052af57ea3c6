"""Failed passwords and codes, counted by account and by address; beyond a number of them nobody may try for a while.

An attempt is written down before it is checked and struck off when it succeeds, so that a thousand at once are
counted as a thousand. What is refused because of a lockout is not counted, so a lockout always ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from commitments.api.limits import client_of
from tracker.accounts.models import Failure

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=30)
OF_ONE_ACCOUNT = 5
OF_ONE_ADDRESS = 30


def begin(*, name: str, address: str, factor: str) -> Failure:
    """The attempt, taken for failed until `struck_off`; a ValidationError with a time where it is one too many."""
    name = counted_name(name)
    with transaction.atomic():
        _one_at_a_time(f"account {name}", f"address {address}")
        if until := locked_until(name=name, address=address):
            raise ValidationError(sentence(until), code="locked")
        return Failure.objects.create(name=name, address=address, factor=factor)


def struck_off(attempt: Failure) -> None:
    attempt.delete()
    Failure.objects.filter(at__lt=timezone.now() - KEPT).delete()


def locked_until(*, name: str = "", address: str = "") -> datetime | None:
    ends = [
        end
        for asked, highest in (({"name": name}, OF_ONE_ACCOUNT), ({"address": address}, OF_ONE_ADDRESS))
        if any(asked.values()) and (end := _end(asked, highest))
    ]
    return max(ends, default=None)


def _end(asked: dict[str, str], highest: int) -> datetime | None:
    """When so few of them are younger than the window that one more may be tried."""
    recent = Failure.objects.by(**asked).since(timezone.now() - WINDOW).order_by("-at")
    oldest = recent.values_list("at", flat=True)[highest - 1 : highest].first()
    return oldest + WINDOW if oldest else None


def counted_name(typed: str) -> str:
    found = User.objects.filter(username__iexact=typed).values_list("username", flat=True).first()
    return found or f"#{salted_hmac('accounts.lockout', typed.lower()).hexdigest()[:16]}"


def sentence(until: datetime) -> str:
    minutes = int((until - timezone.now()).total_seconds() // 60) + 1
    return _(
        "Too many attempts failed. Try again after %(time)s UTC (in %(minutes)d minutes), "
        "or ask a security admin to lift this."
    ) % {"time": f"{until:%H:%M:%S}", "minutes": minutes}


def origin_of(request: HttpRequest) -> str:
    """What is counted as one address: of IPv6 the /64, all of which one client has."""
    address = ip_of(request)
    return str(ip_network((address, 64), strict=False)) if ":" in address else address


def ip_of(request: HttpRequest) -> str:
    """0.0.0.0 where a proxy tells nothing that is an address."""
    try:
        address = ip_address(client_of(request).partition("%")[0])
    except ValueError:
        return "0.0.0.0"  # noqa: S104
    return str(getattr(address, "ipv4_mapped", None) or address)


def _one_at_a_time(*names: str) -> None:
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
