"""One's own account. Of allauth's addresses only those that are needed; its names are kept, as it asks by them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path

from tracker.accounts import views

urlpatterns = [
    path("", views.overview, name="mfa_index"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("again/passkey/", views.ReauthenticateWebAuthnView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("app/", views.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("app/remove/", views.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("passkeys/add/", views.AddWebAuthnView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", views.EditWebAuthnView.as_view(), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", views.RemoveWebAuthnView.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/download/", views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("recovery-codes/new/", views.GenerateRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("sessions/end/", views.end_other_sessions, name="account_end_other_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="account_end_session"),
]
