"""Sets for review: put together, submitted, read by a second person, and published whole or returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments import actions
from commitments.actions.filling import MODELS, documents_of
from commitments.actions.reviewing import things_in
from commitments.actions.second_person import own_work
from commitments.admin.closure import needed_by, things_of
from commitments.admin.comments import CommentForm, told_on
from commitments.admin.differences import compared
from commitments.admin.names import link_to
from commitments.admin.public_pages import with_links
from commitments.admin.rehearsal import Rehearsed, rehearsed
from commitments.admin.review_forms import PublishSetForm, ReturnForm, SetForm, VerbForm
from commitments.admin.verb_pages import Button, VerbPages, digests_of, number, require, reviewed_in
from commitments.documents import names
from commitments.groups import PUBLISH, RECORD_STATUS
from commitments.models import Comment, ReviewSet, ReviewState
from commitments.models.desk import DeskNoun

ADD = "commitments.add_reviewset"


@admin.register(ReviewSet)
class ReviewSetAdmin(VerbPages):
    list_display = ["title", "state", "by", "submitted_at", "size"]
    list_filter = ["state"]
    list_select_related = ["by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title", "members__subject_id"]
    actions = None

    class Media:
        css = {"all": ["admin-desk/desk.css", "admin-desk/review.css"]}

    @admin.display(description=_("things"))
    def size(self, review_set: Any) -> int:
        return review_set.size  # type: ignore[no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).with_size()  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A set begins with something to put into it, at that thing or in a list."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}_edit"
        return [path("<path:object_id>/edit/", view(self.edit_view), name=name), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        require(request, ADD)
        asked = things_of(request.GET.getlist("id"))
        if not asked:
            raise Http404
        return self._together(request, asked, asked, None)

    def edit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, ADD)
        review_set = self.thing_or_404(request, object_id)
        if review_set.by != request.user or not review_set.is_open:
            raise PermissionDenied
        held = things_in(review_set)
        return self._together(request, [*held, *things_of(request.GET.getlist("id"))], held, review_set)

    def _together(
        self, request: HttpRequest, asked: list[DeskNoun], first: list[DeskNoun], review_set: ReviewSet | None
    ) -> HttpResponse:
        needed = needed_by([thing for thing in asked if not thing.is_published])
        edited = _edited_beside([*asked, *needed])
        initial = {"title": review_set.title, "note": review_set.note} if review_set else {"title": str(first[0])[:200]}
        form = SetForm(
            request.POST or None, choices=[*asked, *needed, *edited], ticked=[*asked, *needed], initial=initial
        )
        if request.method == "POST" and form.is_valid():
            told = form.cleaned_data | {"things": things_of(form.cleaned_data["things"])}
            act = actions.keep_set if "keep" in request.POST else actions.submit_set
            if form.written(act, by=request.user, review_set=review_set, **told):
                said = gettext("Kept.") if "keep" in request.POST else gettext("Submitted for review.")
                return self.done(request, said, self.change_url(form.result))
        back = self.change_url(review_set) if review_set else self.page_url("changelist")
        title = gettext("Submit for review")
        others = [] if review_set else self._open_sets(request, asked)
        return self.verb_page(request, "set_form", title, form=form, submit=title, back=back, others=others)

    def _open_sets(self, request: HttpRequest, asked: list[DeskNoun]) -> list[Button]:
        """The sets of this person that can still take something in."""
        chosen = urlencode({"id": [thing.pk for thing in asked]}, doseq=True)
        sets = ReviewSet.objects.open_to(request.user)[:20]
        return [Button(str(one), f"{self.page_url('edit', quote(one.pk))}?{chosen}") for one in sets]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        review_set = self.thing_or_404(request, object_id)
        if not self.has_view_permission(request, review_set):
            raise PermissionDenied
        things = things_in(review_set)
        forms = {name: form(request.POST if name in request.POST else None) for name, form in FORMS.items()}
        for name, form in forms.items():
            if name in request.POST and form.is_valid() and (said := DOES[name](request, review_set, things, form)):
                return self.done(request, said, self.change_url(review_set))
        return self._set_page(request, self.thing_or_404(request, object_id), things, forms)

    def _set_page(
        self, request: HttpRequest, review_set: ReviewSet, things: list[DeskNoun], forms: dict[str, Any]
    ) -> HttpResponse:
        user, waits = request.user, review_set.state == ReviewState.SUBMITTED
        is_live = waits or review_set.is_open
        may_publish = waits and user.has_perm(PUBLISH)
        if not any(thing.is_published for thing in things):
            del forms["publish"].fields["nature"]
        context = {
            "review_set": review_set,
            "told": compared(things) if is_live else _plainly(things),
            "is_live": is_live,
            "gone": review_set.size - len(things),  # type: ignore[attr-defined]
            "rehearsed": rehearsed(things, by=user) if is_live and things else Rehearsed(),
            "reviewed": digests_of(things) if waits else {},
            "forms": forms,
            "refused": [sentence for form in forms.values() for sentence in form.non_field_errors()],
            "may_publish": may_publish,
            "not_yours": _not_yours(review_set, things, user) if may_publish else "",
            "may_withdraw": is_live and review_set.by == user,
            "may_comment": user.has_perm("commitments.add_comment"),
            "edit_url": self.page_url("edit", quote(review_set.pk))
            if review_set.is_open and review_set.by == user
            else "",
            "comments": told_on(Comment.objects.filter(review_set=review_set)),
            "on_things": told_on(Comment.objects.on(*(thing.pk for thing in things))),
            "back": self.page_url("changelist"),
        }
        return self.verb_page(request, "review_set", str(review_set), **context)


def _publish(request: HttpRequest, review_set: ReviewSet, things: list[DeskNoun], form: PublishSetForm) -> str:
    require(request, PUBLISH)
    if any(thing.subject_type == "status_change" for thing in things):
        require(request, RECORD_STATUS)
    form.labels = {thing.pk: str(thing) for thing in things}
    told = form.cleaned_data | {"review_set": review_set, "by": request.user, "reviewed": reviewed_in(request)}
    if not form.written(actions.publish_reviewed, **told):
        return ""
    return with_links(gettext("Published: the whole set."), things)


def _return(request: HttpRequest, review_set: ReviewSet, things: list[DeskNoun], form: ReturnForm) -> str:
    require(request, PUBLISH)
    told = {"review_set": review_set, "by": request.user}
    return gettext("Returned to its author.") if form.written(actions.return_set, **told, **form.cleaned_data) else ""


def _withdraw(request: HttpRequest, review_set: ReviewSet, things: list[DeskNoun], form: VerbForm) -> str:
    require(request, ADD)
    return gettext("Withdrawn.") if form.written(actions.withdraw_set, review_set=review_set, by=request.user) else ""


def _comment(request: HttpRequest, review_set: ReviewSet, things: list[DeskNoun], form: CommentForm) -> str:
    require(request, "commitments.add_comment")
    told = {"review_set": review_set, "by": request.user}
    return gettext("Commented.") if form.written(actions.comment, **told, **form.cleaned_data) else ""


def _resolve(request: HttpRequest, review_set: ReviewSet, things: list[DeskNoun], form: VerbForm) -> str:
    require(request, "commitments.add_comment")
    told = Comment.objects.filter(review_set=review_set, pk=number(request.POST["resolve"]) or 0).first()
    if told is None:
        raise Http404
    return gettext("Resolved.") if form.written(actions.resolve, comment=told, by=request.user) else ""


FORMS = {
    "publish": PublishSetForm,
    "return": ReturnForm,
    "withdraw": VerbForm,
    "comment": CommentForm,
    "resolve": VerbForm,
}
DOES: dict[str, Callable[..., str]] = {
    "publish": _publish,
    "return": _return,
    "withdraw": _withdraw,
    "comment": _comment,
    "resolve": _resolve,
}


def _edited_beside(things: list[DeskNoun]) -> list[DeskNoun]:
    """What these name and somebody has edited since it was published."""
    named = {i for noun, document in documents_of(things) for i in names(noun, document)}
    ours = {thing.pk for thing in things}
    found = things_of(named - ours)
    return [thing for thing in found if thing.is_published and thing.edited_at > thing.published_at]


def _not_yours(review_set: ReviewSet, things: list[DeskNoun], user: Any) -> str:
    """Why this person may not publish the set; empty: they may."""
    if not settings.SECOND_PERSON:
        return ""
    if review_set.by == user:
        return gettext("You put this set together; another curator publishes it.")
    own = own_among(things, user)
    listed = ", ".join(f"“{thing}”" for thing in own)
    told = gettext("You wrote %(things)s; another curator publishes this set.")
    return told % {"things": listed} if own else ""


def own_among(things: Sequence[DeskNoun], user: Any) -> list[DeskNoun]:
    """Those that another curator publishes. One query where SECOND_PERSON is set."""
    own = own_work({thing.pk: thing.published_at for thing in things}, user)  # type: ignore[misc]
    return [thing for thing in things if thing.pk in own]


def _plainly(things: list[DeskNoun]) -> list[dict[str, Any]]:
    labels = {thing.pk: str(thing) for thing in things}
    return [{"link": link_to(pk, labels)} for pk in labels]


def waiting_set(thing: DeskNoun) -> ReviewSet | None:
    """The set in which the thing awaits review. One query."""
    return ReviewSet.objects.filter(members__subject_id=thing.pk, members__is_waiting=True).first()


def review_button(request: HttpRequest, thing: Any, state: str) -> list[Button]:
    """Where a draft or an edit goes next, for those who may put it to another person. One query."""
    opened = admin.site.get_model_admin(ReviewSet)
    waiting = waiting_set(thing) if state in ("draft", "edited") else None
    if waiting is not None:
        return [Button(gettext("In review: %(set)s") % {"set": waiting}, opened.change_url(waiting))]
    if state not in ("draft", "edited") or not request.user.has_perm(ADD) or thing.subject_type not in MODELS:
        return []
    return [Button(gettext("Submit for review"), submit_url(request, [thing]))]


def submit_url(request: HttpRequest, things: Iterable[DeskNoun]) -> str:
    """Where these are put to another person; empty for who may not."""
    ids = [thing.pk for thing in things]
    address = reverse("admin:commitments_reviewset_add")
    return f"{address}?{urlencode({'id': ids}, doseq=True)}" if request.user.has_perm(ADD) else ""
