"""The header of the desk on the pages of one's own account, which are none of the admin's."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from tracker.accounts import sessions
from tracker.accounts.middleware import ACCOUNT


def desk(request: HttpRequest) -> dict[str, Any]:
    """Without its links for those whom the desk would not let in yet."""
    if not request.path_info.startswith(ACCOUNT):
        return {}
    told = admin.site.each_context(request)
    let_in = sessions.has_proven_a_second_factor(request, request.user) and not request.session.get(
        sessions.UNCONFIRMED
    )
    return told | {"has_permission": told["has_permission"] and let_in}
