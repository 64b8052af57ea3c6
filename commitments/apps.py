from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = "Commitments and claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from commitments.grants import grant_app_role

        post_migrate.connect(grant_app_role, dispatch_uid="commitments.grants")
