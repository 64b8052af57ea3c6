"""Contributors upload, map, check and draft; curators also delete what was not drafted. Publishing is the right
to publish, as everywhere."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ALLOWED = {
    "contributor": ["add_import", "change_import", "view_import"],
    "curator": ["add_import", "change_import", "view_import", "delete_import"],
}


def allow(apps, schema_editor):
    create_permissions(
        installed.get_app_config("commitments"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    for group, permissions in _groups(apps):
        group.permissions.add(*permissions)


def forbid(apps, schema_editor):
    for group, permissions in _groups(apps):
        group.permissions.remove(*permissions)


def _groups(apps):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ours = Permission.objects.filter(content_type__app_label="commitments")
    for name, codenames in ALLOWED.items():
        for group in Group.objects.filter(name=name):
            yield group, ours.filter(codename__in=codenames)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0018_import")]
    operations = [migrations.RunPython(allow, forbid)]
