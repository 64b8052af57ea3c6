"""Accounts at the desk: a security admin looks after those of others, never after superusers' nor their own."""

from __future__ import annotations

# Registered there, and taken from there below.
import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import care, roles, sessions
from tracker.accounts.models import Failure
from tracker.accounts.views import reauthenticated

for model in (EmailAddress, Authenticator, UserSession, User):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

# Read when the addresses are: `admin.site.urls` comes after.
admin.site.login = secure_admin_login(admin.site.login)
password_change = reauthenticated(admin.site.password_change)


def change_password(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Every other session of the account ends with the old password; this one has a new key."""
    before = request.session.session_key
    response = password_change(request, extra_context)
    if request.session.session_key != before:
        UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
        sessions.end_all(request.user, but=request.session.session_key)
    return response


admin.site.password_change = change_password

VERBS = {
    "lift_lockout": (gettext_lazy("Lift the lockout"), care.lift_lockout),
    "reset_second_factor": (gettext_lazy("Reset the second factor"), care.reset_second_factor),
    "end_sessions": (gettext_lazy("End all sessions"), care.end_sessions),
}
MEANINGS = {
    "lift_lockout": gettext_lazy("Failed passwords and codes of this account are forgotten, and it may try again."),
    "reset_second_factor": gettext_lazy(
        "Authenticator app, passkeys and recovery codes are removed and all sessions end. The next sign-in, with the "
        "password alone, sets up a new second factor. Make sure that you speak with the person themselves."
    ),
    "end_sessions": gettext_lazy("Whoever is signed in to this account must sign in again."),
}


@admin.register(User)
class PersonAdmin(UserAdmin):
    change_form_template = "admin/accounts/person.html"
    list_display = ["username", "name", "roles", "is_active", "has_second_factor", "last_login"]
    list_filter = ["is_active", ("groups", roles.RoleFilter)]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ["user_permissions"]
    actions = None

    @admin.display(description=gettext_lazy("name"))
    def name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(
            [*([_("superuser")] if user.is_superuser else []), *(roles.told(g.name) for g in user.groups.all())]
        )

    @admin.display(boolean=True, description=gettext_lazy("second factor"))
    def has_second_factor(self, user: User) -> bool:
        return user.enrolled  # type: ignore[attr-defined,no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).prefetch_related("groups").annotate(enrolled=Exists(factors))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        if obj is None:
            fields = ["username", "usable_password", "password1", "password2", "is_staff", "groups"]
            return [(None, {"fields": fields})]
        # Also where it is only looked at, Django shows the password with a button that changes it.
        password = ["password"] if self.has_change_permission(request, obj) else []
        rights = ["is_active", "is_staff", "groups"]
        rights += ["is_superuser", "user_permissions"] if request.user.is_superuser else []
        return [
            (None, {"fields": ["username", *password]}),
            (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
            (_("At the desk"), {"fields": rights}),
            (_("Dates"), {"fields": ["last_login", "date_joined"]}),
        ]

    def formfield_for_manytomany(self, db_field: object, request: HttpRequest, **options: object) -> object:
        if db_field.name == "groups":
            options["widget"], options["form_class"] = CheckboxSelectMultiple(), roles.RolesField
            options["help_text"] = _(
                "contributor: drafts, comments and submits. curator: also publishes, records statuses, retracts and "
                "merges. security admin: looks after accounts, and nothing else."
            )
        field = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "groups" and not request.user.is_superuser:
            field.queryset = care.groups_given()
        return field

    def formfield_for_dbfield(self, db_field: object, request: HttpRequest, **options: object) -> object:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == "is_staff":
            field.initial, field.label = True, _("May enter the desk")
            field.help_text = _("With a second factor, which the first sign-in sets up.")
        return field

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or care.may_look_after(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What somebody did stays theirs; an account is closed by taking "active" from it."""
        return False

    def save_related(self, request: HttpRequest, form: object, formsets: object, change: bool) -> None:
        """Who loses a right loses the sessions in which it was held."""
        before = care.rights_of(form.instance) if change else set()
        super().save_related(request, form, formsets, change)
        lost = before - care.rights_of(form.instance)
        if lost or {"is_active", "is_staff", "is_superuser"} & set(form.changed_data):
            sessions.end_all(form.instance)

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/lift-lockout/",
                view(self.verb_view),
                {"verb": "lift_lockout"},
                "auth_user_lift_lockout",
            ),
            path(
                "<path:object_id>/reset-second-factor/",
                view(reauthenticated(self.verb_view)),
                {"verb": "reset_second_factor"},
                "auth_user_reset_second_factor",
            ),
            path(
                "<path:object_id>/end-sessions/",
                view(self.verb_view),
                {"verb": "end_sessions"},
                "auth_user_end_sessions",
            ),
            *super().get_urls(),
        ]

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        user = self.get_object(request, unquote(object_id))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        label, act = VERBS[verb]
        back = reverse("admin:auth_user_change", args=[user.pk])
        if request.method == "POST":
            messages.success(request, act(user=user, by=request.user))
            return HttpResponseRedirect(back)
        told = {
            "title": f"{label}: {user}",
            "submit": label,
            "meaning": MEANINGS[verb],
            "back": back,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/verb.html", self.admin_site.each_context(request) | told)

    def render_change_form(self, request: HttpRequest, context: dict, **options: object) -> HttpResponse:
        user = options.get("obj")
        if user is not None and self.has_change_permission(request, user):
            context["verbs"] = [
                (label, reverse(f"admin:auth_user_{verb}", args=[user.pk])) for verb, (label, _act) in VERBS.items()
            ]
        return super().render_change_form(request, context, **options)


@admin.register(Failure)
class FailureAdmin(admin.ModelAdmin):
    """To be looked at, and lifted by account or address; nobody edits what happened."""

    list_display = ["name", "address", "factor", "at"]
    list_filter = ["factor"]
    search_fields = ["name", "address"]
    actions = ["lift"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Failure | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Failure | None = None) -> bool:
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.lift_lockout")

    @admin.action(description=gettext_lazy("Lift the lockouts of these accounts and addresses"), permissions=["lift"])
    def lift(self, request: HttpRequest, chosen: QuerySet) -> None:
        for sentence in care.lift_of(failures=list(chosen), by=request.user):
            messages.success(request, sentence)
