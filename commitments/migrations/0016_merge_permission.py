"""Curators may merge what was recorded twice, and undo it."""

from django.db import migrations

MERGE = ("merge_record", "Can merge what was recorded twice, and undo it")


def allow(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    on_commitment = ContentType.objects.get(app_label="commitments", model="commitment")
    codename, name = MERGE
    held, _ = Permission.objects.get_or_create(content_type=on_commitment, codename=codename, defaults={"name": name})
    apps.get_model("auth", "Group").objects.get(name="curator").permissions.add(held)


def withdraw(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="commitments", codename=MERGE[0]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("commitments", "0015_merge_guards")]
    operations = [migrations.RunPython(allow, withdraw)]
