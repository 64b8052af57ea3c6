"""Contributors and curators put sets together, submit them and comment; publishing and returning are a curator's."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ALLOWED = ["add_reviewset", "change_reviewset", "view_reviewset", "add_comment", "view_comment"]
GROUPS = ["contributor", "curator"]


def allow(apps, schema_editor):
    create_permissions(
        installed.get_app_config("commitments"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    held = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="commitments", codename__in=ALLOWED
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*held)


def disallow(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="commitments", content_type__model__in=["reviewset", "comment", "reviewmember"]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("commitments", "0009_review")]
    operations = [migrations.RunPython(allow, disallow)]
