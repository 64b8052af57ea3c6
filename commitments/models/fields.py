"""The columns that many nouns share: permanent ids, uncertain dates, and words of the rubric."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from typeid import TypeID

from commitments.dates import InvalidDate, UncertainDate
from commitments.vocabulary import DATE_BASES, Words


@models.Field.register_lookup
@models.ForeignObject.register_lookup
class AnyOf(models.Lookup):
    """`column = ANY (array)`: one parameter however many values, where `IN` binds and plans each by itself."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY (%s)", [*parameters, list(self.rhs)]


class TypeIDField(models.CharField):
    """A permanent, opaque id: a prefix that names the noun and a UUIDv7 (TypeID 0.3), minted on creation."""

    def __init__(self, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        options |= {
            "max_length": 30,
            "primary_key": True,
            "editable": False,
            "default": self.mint,
            "db_collation": "C",
        }
        super().__init__(**options)

    def mint(self) -> str:
        return str(TypeID(prefix=self.prefix))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, options = super().deconstruct()
        kept = {key: value for key, value in options.items() if key == "verbose_name"}
        return name, path, [self.prefix], kept


class WordField(models.CharField):
    """One word of a closed list of the rubric; the database holds it to the list."""

    def __init__(self, words: Words | None = None, **options: Any) -> None:
        if words is not None:
            options |= {"choices": words.choices}
        options.setdefault("max_length", 20)
        super().__init__(**options)


class UncertainDateWidget(forms.MultiWidget):
    template_name = "admin/widgets/uncertain_date.html"

    def __init__(self) -> None:
        super().__init__(
            {
                "edtf": forms.TextInput(
                    attrs={"size": 22, "placeholder": "2021-01-14 or /2021-01-14", "aria-label": _("date")}
                ),
                "basis": forms.Select(
                    choices=[("", "basis …"), *DATE_BASES.choices], attrs={"aria-label": _("how the date is known")}
                ),
                "note": forms.TextInput(
                    attrs={"size": 60, "placeholder": "how it was worked out", "aria-label": _("how it was worked out")}
                ),
            }
        )

    def decompress(self, value: UncertainDate | None) -> list[str | None]:
        return [value.edtf, value.basis, value.note] if value else [None, None, None]


class UncertainDateFormField(forms.MultiValueField):
    def __init__(self, *, may_be_ahead: bool = False, **options: Any) -> None:
        self.may_be_ahead = may_be_ahead
        for unused in ("encoder", "decoder"):
            options.pop(unused, None)
        parts = (forms.CharField(required=False), forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(parts, require_all_fields=False, **(options | {"widget": UncertainDateWidget()}))

    def compress(self, values: list[str]) -> UncertainDate | None:
        from django.utils import timezone

        if not any(values):
            return None
        edtf_text, basis, note = values
        try:
            return UncertainDate.read(
                edtf_text,
                basis=basis,
                note=note,
                recorded_on=timezone.now().date(),
                may_be_ahead=self.may_be_ahead,
            )
        except InvalidDate as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: UncertainDate | None, data: list[str] | None) -> bool:
        before = [part or "" for part in self.widget.decompress(initial)]
        return before != [part or "" for part in data or ["", "", ""]]


class UncertainDateField(models.JSONField):
    """An `UncertainDate` in one jsonb column. Bounds are worked out once, when the text is entered."""

    def __init__(self, verbose_name: str | None = None, *, may_be_ahead: bool = False, **options: Any) -> None:
        self.may_be_ahead = may_be_ahead
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | ({"may_be_ahead": True} if self.may_be_ahead else {})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        value = super().from_db_value(value, expression, connection)
        return UncertainDate.from_json(value) if isinstance(value, dict) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, UncertainDate):
            value = value.as_json()
        return super().get_db_prep_value(value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return UncertainDate.from_json(value) if isinstance(value, dict) else value

    def validate(self, value: Any, model_instance: Any) -> None:
        if isinstance(value, UncertainDate):
            value = value.as_json()
        super().validate(value, model_instance)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return json.dumps(value.as_json() if value else None)

    def formfield(self, **options: Any) -> Any:
        return models.Field.formfield(
            self, **(options | {"form_class": UncertainDateFormField, "may_be_ahead": self.may_be_ahead})
        )
