from allauth.account.apps import AccountConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "tracker.accounts"
    verbose_name = _("Sign-in")
    default_auto_field = "django.db.models.BigAutoField"


class SignInConfig(AccountConfig):
    """Allauth's own, but for its demand to run its middleware on every request: ours keeps it to the desk."""

    def ready(self) -> None:
        from allauth.account import checks  # noqa: F401
