"""System checks: a wrong setting or an unfit database is named with its remedy before anything is served."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

ENVIRONMENT = "environment"


@register(ENVIRONMENT)
def environment_is_understood(**_: Any) -> list[CheckMessage]:
    return [Error(fault, hint=hint, id=f"tracker.E{number:03}") for number, fault, hint in settings.ENVIRONMENT_FAULTS]


@register(Tags.security, deploy=True)
def the_desk_is_safe_to_open(**_: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.PRODUCTION and not settings.HTTPS_ONLY:
        hint = "Serve behind a proxy that speaks HTTPS, and set HTTPS_ONLY to true."
        found.append(Warning("Passwords and sessions travel in the clear.", hint=hint, id="tracker.W001"))
    if settings.PRODUCTION and not (settings.SESSION_IDLE_MINUTES and settings.SESSION_HOURS):
        hint = "Set SESSION_IDLE_MINUTES and SESSION_HOURS to more than 0."
        found.append(Warning("Sessions at the desk do not end.", hint=hint, id="tracker.W002"))
    return found


@register(Tags.database)
def database_speaks_unicode(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """LC_ALL=C at initdb leaves lower('É') as it is: searches would miss every accented capital."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT getdatabaseencoding(), lower('É'), current_setting('server_version_num')::int")
        encoding, lowered, version = cursor.fetchone()
    faults: list[CheckMessage] = []
    if (encoding, lowered) != ("UTF8", "é"):
        faults.append(
            Error(
                f"The database's encoding is {encoding} and lower('É') is {lowered!r} there.",
                hint="Move to one made with TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'.",
                id="tracker.E020",
            )
        )
    if version < 150000:
        faults.append(Error("The server is older than PostgreSQL 15.", hint="Upgrade it.", id="tracker.E021"))
    return faults
