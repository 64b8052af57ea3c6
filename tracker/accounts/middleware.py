"""What stands before every page of the desk and of one's own account: sessions that are over end here, and nobody
goes on to the desk without a second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tracker.accounts import factors, sessions

DESK, ACCOUNT = "/admin/", "/account/"
# Open to whoever is on the way in or out.
WAYS = (f"{DESK}login/", f"{DESK}logout/", f"{DESK}jsi18n/")
WANTED = "account_wanted"
HEADERS = {
    "Cache-Control": "no-store, private",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)",
}


def is_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith((DESK, ACCOUNT))


class DeskGate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_desk(request):
            return self.get_response(request)
        response = self.stopped(request) or self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def stopped(self, request: HttpRequest) -> HttpResponseBase | None:
        if not request.user.is_authenticated or request.path_info in WAYS:
            return None
        if sessions.is_over(request):
            return signed_out(request, _("Your session is over. Sign in again to go on."))
        sessions.touch(request)
        return self.without_a_second_factor(request)

    def without_a_second_factor(self, request: HttpRequest) -> HttpResponseBase | None:
        proven = sessions.has_proven_a_second_factor(request, request.user)
        if not proven and factors.of(request.user).exists():
            return signed_out(request, _("Sign in again, with your second factor."))
        if not request.path_info.startswith(DESK) or not request.user.is_staff:
            return None
        if not proven:
            return diverted(request, "mfa_index")
        if request.session.get(sessions.UNCONFIRMED):
            return diverted(request, "mfa_view_recovery_codes")
        return None


def signed_out(request: HttpRequest, sentence: str) -> HttpResponseBase:
    logout(request)
    messages.warning(request, sentence)
    wanted = {REDIRECT_FIELD_NAME: request.get_full_path()} if request.method == "GET" else {}
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(wanted)}")


def diverted(request: HttpRequest, name: str) -> HttpResponseBase:
    """To what must be done first; what was asked for comes afterwards."""
    if request.method == "GET":
        request.session[WANTED] = request.get_full_path()
    return HttpResponseRedirect(reverse(name))
