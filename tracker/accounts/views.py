"""One's own account: second factors, recovery codes, sessions. Allauth's views, where its own rules are not ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes_views
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tracker.accounts import factors, sessions
from tracker.accounts.forms import RecoveryCodesForm
from tracker.accounts.middleware import WANTED


def reauthenticated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asks for a proof again where the last is old. What was sent is not kept meanwhile, for it may hold a
    password: the form is shown once more."""
    guarded = reauthentication_required(app="accounts")(view)

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if request.method == "POST" and is_reauthentication_required(request, app="accounts"):
            messages.warning(request, _("It was some time ago that you proved who you are. Send the form once more."))
            return HttpResponseRedirect(request.get_full_path())
        return guarded(request, *args, **options)

    return asking


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    codes = factors.recovery_codes(request.user)
    held = list(factors.of(request.user).order_by("created_at"))
    told = {
        "title": _("Your sign-in"),
        "factors": held,
        "has_no_app": not any(factor.type == Authenticator.Type.TOTP for factor in held),
        "codes_left": factors.codes_left(codes, app_settings.RECOVERY_CODE_COUNT) if codes else None,
        "sessions": known_sessions(request),
        "passkeys_work_here": has_a_name(request),
        "name_here": request.get_host().replace("127.0.0.1", "localhost"),
    }
    return render(request, "mfa/index.html", told)


def known_sessions(request: HttpRequest) -> list[UserSession]:
    found = UserSession.objects.purge_and_list(request.user)
    return sorted(found, key=lambda session: session.created_at, reverse=True)


def has_a_name(request: HttpRequest) -> bool:
    """A passkey belongs to a host by name; browsers make none for an address."""
    try:
        ip_address(request.get_host().rpartition(":")[0].strip("[]") or request.get_host())
    except ValueError:
        return True
    return False


def enrolled(request: HttpRequest, factor: str) -> None:
    """The factor was proven by enrolling it; sessions that never proved one end."""
    record_authentication(request, request.user, "mfa", type=factor)
    if factors.unconfirmed_codes(request.user):
        request.session[sessions.UNCONFIRMED] = True
        sessions.end_all(request.user, but=request.session.session_key)


class ActivateTOTPView(totp.ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        enrolled(self.request, Authenticator.Type.TOTP)
        return response


class AddWebAuthnView(webauthn.AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        enrolled(self.request, Authenticator.Type.WEBAUTHN)
        return response


class OneRemovalAtATime:
    """Two last factors removed at once would leave none."""

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk)
            return super().post(request, *args, **options)


class DeactivateTOTPView(OneRemovalAtATime, totp.DeactivateTOTPView):
    pass


class RemoveWebAuthnView(OneRemovalAtATime, webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.may_go():
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def may_go(self) -> bool:
        return get_adapter().can_delete_authenticator(self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {"is_last": not self.may_go()}


class EditWebAuthnView(webauthn.EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class ReauthenticateWebAuthnView(webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


@method_decorator(reauthenticated, name="dispatch")
class GenerateRecoveryCodesView(codes_views.GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[sessions.UNCONFIRMED] = True
        return response


@login_required
@reauthenticated
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown until their owner says to have kept them, and never again."""
    codes = factors.unconfirmed_codes(request.user)
    form = RecoveryCodesForm(request.POST if request.method == "POST" else None)
    if codes is None:
        request.session.pop(sessions.UNCONFIRMED, None)
        return HttpResponseRedirect(wanted(request))
    if request.method == "POST" and form.is_valid():
        factors.confirm(codes)
        request.session.pop(sessions.UNCONFIRMED, None)
        messages.success(request, _("Your sign-in is set up."))
        return HttpResponseRedirect(wanted(request))
    told = {"title": _("Keep your recovery codes"), "form": form, "codes": codes.wrap().get_unused_codes()}
    return render(request, "mfa/recovery_codes/index.html", told)


def wanted(request: HttpRequest) -> str:
    """Where one was going before second factors came in between; else one's own page."""
    return str(request.session.pop(WANTED, "")) or reverse("mfa_index")


@login_required
@reauthenticated
@require_GET
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    codes = factors.unconfirmed_codes(request.user)
    if codes is None:
        raise PermissionDenied
    text = "\n".join([f"{request.get_host()} {request.user.get_username()}", *codes.wrap().get_unused_codes(), ""])
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    session.end()
    messages.success(request, _("That session is ended."))
    return HttpResponseRedirect(reverse("mfa_index"))


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_all(request.user, but=request.session.session_key)
    messages.success(request, _("All your other sessions are ended."))
    return HttpResponseRedirect(reverse("mfa_index"))
