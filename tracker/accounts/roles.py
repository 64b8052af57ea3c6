"""The groups of the desk by the names that people read; in the database they have one name in every language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, str | Promise] = {
    "contributor": _("contributor"),
    "curator": _("curator"),
    "security admin": _("security admin"),
}


def told(name: str) -> str:
    """A group that is none of ours keeps its own name."""
    return str(ROLES.get(name, name))


class RolesField(ModelMultipleChoiceField):
    def label_from_instance(self, group: Group) -> str:
        return told(group.name)


class RoleFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [(pk, told(str(name))) for pk, name in super().field_choices(field, request, model_admin)]


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    list_display = ["called"]

    @admin.display(description=_("group"), ordering="name")
    def called(self, group: Group) -> str:
        return told(group.name)

    def render_change_form(self, request: HttpRequest, context: Any, **options: Any) -> HttpResponse:  # type: ignore[override]
        group = options.get("obj")
        if group is not None:
            context |= {"subtitle": told(group.name)}
        return super().render_change_form(request, context, **options)
