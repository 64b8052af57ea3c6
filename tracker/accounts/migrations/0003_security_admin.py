"""The group of those who look after accounts: they draft nothing, publish nothing and read no draft.

Permissions are made by a signal after all migrations, too late for a group on a fresh database.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

HELD = {
    "auth": ["add_user", "change_user", "view_user", "view_group"],
    "accounts": ["view_failure", "lift_lockout"],
}


def make_group(apps, schema_editor):
    for label in HELD:
        create_permissions(
            installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias, apps=apps
        )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="security admin")
    for label, codenames in HELD.items():
        held = apps.get_model("auth", "Permission").objects
        group.permissions.add(*held.filter(content_type__app_label=label, codename__in=codenames))


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="security admin").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_cache_table"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_group, remove_group)]
