"""Django's own middleware, most of it kept off the public API.

Sessions and languages add `Vary: Cookie, Accept-Language`, which keeps shared caches from holding anything,
and each costs time on every read. The API identifies writers by token, so it needs none of these.
"""

from collections.abc import Callable

from allauth.account.middleware import AccountMiddleware as Account
from django.contrib.auth.middleware import AuthenticationMiddleware as Authentication
from django.contrib.messages.middleware import MessageMiddleware as Messages
from django.contrib.sessions.middleware import SessionMiddleware as Session
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware as Common
from django.middleware.csrf import CsrfViewMiddleware as Csrf
from django.middleware.gzip import GZipMiddleware as GZip
from django.middleware.locale import LocaleMiddleware as Locale
from django.utils import translation

from commitments.languages import language_of_address
from tracker.accounts.middleware import is_desk


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


class CommonMiddleware(Common):
    def process_response(self, request, response):  # type: ignore[no-untyped-def]
        response = super().process_response(request, response)
        # Django puts 0 there, but on a 304 it tells the length of the answer that the client holds.
        if response.status_code == 304:
            del response.headers["Content-Length"]
        return response


class OffTheApi:
    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_api(request):
            return self.get_response(request)  # type: ignore[attr-defined,no-any-return]
        return super().__call__(request)  # type: ignore[misc,no-any-return]


class GZipMiddleware(GZip):
    """For the public's pages. At the desk a secret beside what somebody sent would show through the length (BREACH),
    and on the API it would cost more than the answer."""

    def process_response(self, request, response):  # type: ignore[no-untyped-def]
        if is_api(request) or is_desk(request):
            return response
        return super().process_response(request, response)


class SessionMiddleware(OffTheApi, Session):
    pass


class DeskLocale(Locale):
    """Django's own would take the desk's addresses for English ones, because pages have their language in theirs."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()


class LocaleMiddleware:
    """At the desk the language that was chosen; on public pages the one that the address says, so that shared
    caches can hold them; on the API English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.chosen = DeskLocale(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_desk(request):
            return self.chosen(request)  # type: ignore[return-value]
        translation.activate(language_of_address(request.path_info))
        response = self.get_response(request)
        if not is_api(request):
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class AuthenticationMiddleware(OffTheApi, Authentication):
    pass


class MessageMiddleware(OffTheApi, Messages):
    pass


class AccountMiddleware:
    """Where one signs in, and at the desk: the public asks for neither."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.account = Account(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self.account if is_desk(request) else self.get_response)(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return self.account.process_exception(request, exception) if is_desk(request) else None


class CsrfViewMiddleware(OffTheApi, Csrf):
    def process_view(self, request, callback, callback_args, callback_kwargs):  # type: ignore[no-untyped-def]
        # A forged request carries the browser's cookies, and the API reads none.
        if is_api(request):
            return None
        return super().process_view(request, callback, callback_args, callback_kwargs)
