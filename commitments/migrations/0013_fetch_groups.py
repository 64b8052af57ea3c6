"""Who writes at the desk may ask for fetches and look at what came of them; nobody edits or removes one."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ASKING = ["add_fetch", "view_fetch"]


def allow_fetches(apps, schema_editor):
    create_permissions(
        installed.get_app_config("commitments"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    asking = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="commitments", codename__in=ASKING
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=["contributor", "curator"]):
        group.permissions.add(*asking)


def disallow_fetches(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="commitments", codename__in=ASKING
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("commitments", "0012_fetch_guards")]
    operations = [migrations.RunPython(allow_fetches, disallow_fetches)]
