"""Two groups: contributors write drafts; curators also publish, amend, retract and record statuses.

Permissions are made by a signal after all migrations, too late for a group on a fresh database: they are
made here, by the same function.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

NOUNS = [
    "term",
    "actor",
    "office",
    "occasion",
    "source",
    "capture",
    "passage",
    "claim",
    "commitment",
    "statuschange",
]
READ_ONLY = ["entry", "version"]
VERBS = {
    "publish_record": "Can publish drafts and the edits of what is published",
    "retract_record": "Can retract what is published",
    "record_status": "Can record and correct statuses",
}


def make_groups(apps, schema_editor):
    create_permissions(
        installed.get_app_config("commitments"), verbosity=0, using=schema_editor.connection.alias, apps=apps
    )
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    on_commitment = ContentType.objects.get(app_label="commitments", model="commitment")
    for codename, name in VERBS.items():
        Permission.objects.get_or_create(content_type=on_commitment, codename=codename, defaults={"name": name})
    drafting = [f"{verb}_{noun}" for verb in ("add", "change", "view") for noun in NOUNS]
    reading = [f"view_{model}" for model in READ_ONLY]
    deleting = [f"delete_{noun}" for noun in NOUNS]
    allowed = {
        "contributor": [*drafting, *reading],
        "curator": [*drafting, *reading, *deleting, *VERBS],
    }
    for group, codenames in allowed.items():
        held = Permission.objects.filter(content_type__app_label="commitments", codename__in=codenames)
        Group.objects.get_or_create(name=group)[0].permissions.add(*held)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["contributor", "curator"]).delete()
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="commitments", codename__in=VERBS
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
