from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Commitments and claims")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from commitments.grants import grant_app_role
        from commitments.languages import translate_models

        translate_models(self)
        post_migrate.connect(grant_app_role, dispatch_uid="commitments.grants")
