"""Filters of long lists: by the name of something related, typed, never a list of thousands to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext


class NamedFilter(admin.ListFilter):
    """What is related by `path` to something whose name, in its column `by`, contains what was typed."""

    template = "admin/desk/named_filter.html"
    path = ""
    by = ""

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        typed = params.pop(self.parameter, [""])
        self.typed = str(typed[-1]).strip()
        if self.typed:
            self.used_parameters[self.parameter] = self.typed

    @property
    def parameter(self) -> str:
        return f"{self.path}_named"

    def expected_parameters(self) -> list[str]:
        return [self.parameter]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.typed:
            return queryset
        related = queryset.model
        for name in self.path.split("__"):
            related = related._meta.get_field(name).related_model
        # Asked by ids, a thing with two matching parties stands in the list once.
        found = related._default_manager.filter(**{f"{self.by}__icontains": self.typed}).order_by()
        matching = queryset.model._default_manager.filter(**{f"{self.path}__in": found.values("pk")}).order_by()
        return queryset.filter(pk__in=matching.values("pk"))

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """One: the box, with what the list is filtered by otherwise."""
        others = {name: value for name, value in changelist.params.items() if name not in (self.parameter, "p")}
        yield {
            "others": list(others.items()),
            "everything": changelist.get_query_string(remove=[self.parameter]),
            "display": self.typed or gettext("All"),
            "selected": not self.typed,
        }


def named(path: str, title: Any, *, by: str = "name") -> type[NamedFilter]:
    return type("Named", (NamedFilter,), {"path": path, "title": title, "by": by})
