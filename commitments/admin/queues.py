"""The queues of the first page: what needs somebody's attention, why, and since when.

A queue is one entry of QUEUES. Its SQL answers `model` and `id` of what stands in it, its `label`, `facts` (jsonb)
and `since`; `why` says the facts in words. All counts come in one statement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commitments.admin.badges import status_badge
from commitments.groups import MERGE, PUBLISH
from commitments.languages import label, meaning
from commitments.vocabulary import ANCHORS, DATE_BASES

Row = dict[str, Any]
PAGE = 50
MOST_COUNTED = 1000
MOST_PAGES = 200
SILENT_DAYS = 365
MOST_DAYS = 36500


@dataclass(frozen=True)
class Queue:
    """`order` puts the most urgent first. In `sql` and `order`, `%(today)s`, `%(days)s`, `%(user)s` and `%(second)s`
    (SECOND_PERSON) may be asked for. `decided_at`: the name of the page where what stands in it is decided."""

    slug: str
    title: Any
    help: Any
    sql: str
    order: str
    why: Callable[[Row], str]
    permission: str = "commitments.view_commitment"
    asks_days: bool = False
    decided_at: str = ""

    @property
    def counted(self) -> str:
        return f'(SELECT count(*) FROM ({self.sql} LIMIT {MOST_COUNTED + 1}) AS "standing")'  # noqa: S608

    def rows(self, asked: Row, page: int) -> list[Row]:
        """One more than a page shows, where there is more."""
        sql = f"{self.sql} ORDER BY {self.order} LIMIT {PAGE + 1} OFFSET {PAGE * (page - 1)}"
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# The nouns that may be amended, and what each is called by.
LABELS = {
    "term": "label_en",
    "actor": "name",
    "office": "title",
    "occasion": "name",
    "source": "title",
    "passage": "exact",
    "claim": "statement",
    "commitment": "title_en",
}
# The dates that may be unknown or estimated.
DATED = {
    "commitment": ("made_on", _("Made on")),
    "claim": ("said_on", _("Said on")),
    "statuschange": ("effective", _("From when")),
    "occasion": ("date", _("Date")),
    "source": ("published", _("Published on")),
}
# What was merged is not edited until the merge is undone.
MERGEABLE = ("actor", "source", "commitment")
RETRACTED = """EXISTS (SELECT 1 FROM commitments_version v
    WHERE v.subject_id = t.id AND v.until_seq IS NULL AND v.type = 'retract')"""
# Since which entry a current standing `t` has had a mark without a break.
MARKED_SINCE = """(SELECT min(s.opened_at) FROM commitments_commitmentstanding s
    WHERE s.subject_id = t.subject_id AND s.{mark} AND s.seq > coalesce(
        (SELECT max(u.seq) FROM commitments_commitmentstanding u
        WHERE u.subject_id = t.subject_id AND NOT u.{mark}), 0))"""


# Pairs of which neither was merged since; `one` was recorded first.
SHOWN_NOW = """(SELECT subject_id, label, opened_at FROM commitments_commitmentstanding
        WHERE until_seq IS NULL AND merged_into IS NULL
    UNION ALL SELECT subject_id, label, opened_at FROM commitments_plainstanding
        WHERE until_seq IS NULL AND merged_into IS NULL)"""
ALIKE = f"""SELECT t.subject_type AS model, t.one_id AS id, one.label, other.opened_at AS since,
        jsonb_build_object('other', other.label) AS facts, t.score, t.id AS pair
    FROM commitments_likeness t JOIN {SHOWN_NOW} AS one ON one.subject_id = t.one_id
    JOIN {SHOWN_NOW} AS other ON other.subject_id = t.other_id WHERE t.parted_by_id IS NULL"""  # noqa: S608


def unmerged(noun: str) -> str:
    return "t.merged_into_id IS NULL" if noun in MERGEABLE else "true"


def edited(noun: str, called: str) -> str:
    return f"""SELECT '{noun}' AS model, t.id, t.{called} AS label, '{{}}'::jsonb AS facts, t.edited_at AS since
        FROM commitments_{noun} t
        WHERE t.published_at IS NOT NULL AND t.edited_at > t.published_at AND {unmerged(noun)} AND NOT {RETRACTED}"""  # noqa: S608


def undated(noun: str, column: str) -> str:
    called = LABELS.get(noun, "reason")
    return f"""SELECT '{noun}' AS model, t.id, t.{called} AS label,
            jsonb_build_object('basis', t.{column}->>'basis', 'note', t.{column}->>'note') AS facts,
            t.edited_at AS since
        FROM commitments_{noun} t
        WHERE t.{column}->>'basis' IN ('unknown', 'curator_estimate') AND {unmerged(noun)} AND NOT {RETRACTED}"""  # noqa: S608


def standing(where: str, since: str, facts: str = "") -> str:
    """Commitments as the public reads them now."""
    return f"""SELECT 'commitment' AS model, t.subject_id AS id, t.label,
            jsonb_build_object('status', t.status{facts}) AS facts, {since} AS since
        FROM commitments_commitmentstanding t WHERE t.until_seq IS NULL AND NOT t.retracted AND {where}"""  # noqa: S608


def sets(state: str, since: str, where: str) -> str:
    return f"""SELECT 'reviewset' AS model, t.id::text AS id, t.title AS label, jsonb_build_object('by', u.username,
            'size', (SELECT count(*) FROM commitments_reviewmember m WHERE m.review_set_id = t.id)) AS facts,
            t.{since} AS since
        FROM commitments_reviewset t JOIN auth_user u ON u.id = t.by_id
        WHERE t.state = {state} AND {where}"""  # noqa: S608


def all_of(parts: Iterable[str]) -> str:
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS t"  # noqa: S608


def why_undated(row: Row) -> str:
    return gettext("%(date)s: %(basis)s. %(note)s") % {
        "date": DATED[row["model"]][1],
        "basis": label(DATE_BASES, row["facts"]["basis"]).lower(),
        "note": row["facts"]["note"] or "",
    }


def why_reviewed(row: Row) -> str:
    told = ngettext("%(by)s put %(size)s thing together", "%(by)s put %(size)s things together", row["facts"]["size"])
    return str(told % row["facts"])


QUEUES = (
    Queue(
        "awaiting-review",
        _("Awaiting review"),
        _("Sets that somebody put to a second person. Read them, then publish or return them."),
        sets("'submitted'", "submitted_at", "NOT (%(second)s AND t.by_id = %(user)s)"),
        "since, id",
        why_reviewed,
        permission=PUBLISH,
    ),
    Queue(
        "returned",
        _("Returned to you"),
        _("Sets of yours that a reviewer sent back. Read the comment, mend them, and submit them again."),
        sets("'returned'", "decided_at", "t.by_id = %(user)s"),
        "since, id",
        why_reviewed,
        permission="commitments.view_reviewset",
    ),
    Queue(
        "unpublished-edits",
        _("Unpublished edits"),
        _("Published things that somebody changed at the desk. Look at what differs, then publish the edits."),
        all_of(edited(noun, called) for noun, called in LABELS.items()),
        "since, id",
        lambda row: gettext("Changed at the desk after it was published"),
    ),
    Queue(
        "orphaned-quotes",
        _("Quotes not found"),
        _(
            "Passages whose words no longer stand in the newest text. Mark them anew there, cite those in their place, "
            "then retract these. What was captured before stays readable."
        ),
        f"""SELECT 'passage' AS model, t.id, t.exact AS label, jsonb_build_object('anchor', t.anchor) AS facts,
            coalesce((SELECT max(e.recorded_at) FROM commitments_entry e
                WHERE e.subject_id = t.id AND e.type = 'recheck'), t.edited_at) AS since
        FROM commitments_passage t
        WHERE t.anchor IN ('orphaned', 'ambiguous') AND NOT {RETRACTED}""",  # noqa: S608
        "anchor DESC, id",
        lambda row: meaning(ANCHORS[row["facts"]["anchor"]]),
    ),
    Queue(
        "disputed",
        _("Disputed"),
        _("The sides contradict each other. Look for a later word of either side, or a status that cites both."),
        standing("t.disputed", MARKED_SINCE.format(mark="disputed")),
        "t.seq DESC",
        lambda row: gettext("Claims of different sides contradict each other"),
    ),
    Queue(
        "overdue",
        _("Overdue"),
        _("Open, and the deadline has passed. Look for a source that tells what became of it."),
        standing("t.is_open AND t.due_latest < %(today)s::date", "t.due_latest", ", 'due', t.due_latest"),
        "t.due_latest, t.subject_id",
        lambda row: gettext("It was due by %(day)s and is still open") % {"day": row["facts"]["due"]},
    ),
    Queue(
        "single-party",
        _("One side only"),
        _("The status rests on one side's word. Look for what the other side says. Open ones come first."),
        standing("t.single_party", MARKED_SINCE.format(mark="single_party")),
        "t.is_open DESC, t.since_rising, t.subject_id",
        lambda row: gettext("Its status rests on one side's word alone"),
    ),
    Queue(
        "silent",
        _("Long silent"),
        _("Open, and no claim on it for a long time. Look for news of it; silence alone changes no status."),
        standing(
            "t.is_open AND (t.row::jsonb ->> 'silent_since') < (%(today)s::date - %(days)s::int)::text",
            "(t.row::jsonb ->> 'silent_since')::date",
            ", 'day', t.row::jsonb ->> 'silent_since'",
        ),
        "(t.row::jsonb ->> 'silent_since'), t.subject_id",
        lambda row: gettext("Nothing was said of it after %(day)s") % {"day": row["facts"]["day"]},
        asks_days=True,
    ),
    Queue(
        "undated",
        _("Undated or estimated"),
        _("The date is not known, or is our estimate. Look for a source that gives it. Unknown ones come first."),
        all_of(undated(noun, column) for noun, (column, _name) in DATED.items()),
        "facts ->> 'basis' DESC, since, id",
        why_undated,
    ),
    Queue(
        "failed-captures",
        _("Failed captures"),
        _("Pages that could not be fetched. Try again, or bring the text or the file by hand."),
        """SELECT 'fetch' AS model, t.id, t.url AS label, jsonb_build_object('problem', t.problem) AS facts,
            t.finished_at AS since FROM commitments_fetch t WHERE t.state = 'failed'""",
        "since DESC, id",
        lambda row: row["facts"]["problem"],
        permission="commitments.view_fetch",
    ),
    Queue(
        "possible-duplicates",
        _("Possible duplicates"),
        _("Published things that may have been recorded twice. Merge them, or say that they are not the same."),
        ALIKE,
        "score DESC, pair",
        lambda row: gettext("It may be the same as “%(other)s”") % row["facts"],
        permission=MERGE,
        decided_at="admin:duplicates",
    ),
)


@dataclass(frozen=True)
class Count:
    queue: Queue
    number: int

    @property
    def told(self) -> str:
        return f"{self.number:,}" if self.number <= MOST_COUNTED else f"{MOST_COUNTED:,}+"


def seen_by(user: Any) -> Iterator[Queue]:
    return (queue for queue in QUEUES if user.has_perm(queue.permission))


def counts(user: Any) -> list[Count]:
    """One query."""
    queues = list(seen_by(user))
    if not queues:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(queue.counted for queue in queues)}", asked_by(user))
        return [Count(queue, number) for queue, number in zip(queues, cursor.fetchone(), strict=True)]


def asked_by(user: Any, days: int = SILENT_DAYS) -> Row:
    today: date = timezone.now().date()
    return {"today": today, "days": days, "user": user.pk, "second": settings.SECOND_PERSON}


def number_asked(request: HttpRequest, name: str, default: int, most: int) -> tuple[int, str]:
    """The number in the address, and what is wrong with it."""
    told = request.GET.get(name, str(default)).strip()
    if told.isascii() and told.isdecimal() and len(told) < 10 and 1 <= int(told) <= most:
        return int(told), ""
    said = gettext("“%(told)s” cannot be asked for here; give a whole number from 1 to %(most)s.")
    return default, said % {"told": told[:40], "most": most}


def queue_view(request: HttpRequest, slug: str) -> HttpResponse:
    queue = next((queue for queue in QUEUES if queue.slug == slug), None)
    if queue is None:
        raise Http404
    if not request.user.has_perm(queue.permission):
        raise PermissionDenied
    page, wrong_page = number_asked(request, "page", 1, MOST_PAGES)
    days, wrong_days = number_asked(request, "days", SILENT_DAYS, MOST_DAYS)
    found = queue.rows(asked_by(request.user, days), page)
    context = {
        **admin.site.each_context(request),
        "title": queue.title,
        "queue": queue,
        "rows": [shown(queue, row) for row in found[:PAGE]],
        "errors": [wrong for wrong in (wrong_page, wrong_days) if wrong],
        "page": page,
        "days": days,
        "next": page + 1 if len(found) > PAGE and page < MOST_PAGES else None,
        "previous": page - 1 if page > 1 else None,
    }
    return TemplateResponse(request, "admin/desk/queue.html", context)


def shown(queue: Queue, row: Row) -> Row:
    row["facts"] = json.loads(row["facts"])
    model = apps.get_model("commitments", row["model"])
    status = row["facts"].get("status")
    address = queue.decided_at or f"admin:commitments_{row['model']}_change"
    return row | {
        "noun": capfirst(model._meta.verbose_name),
        "label": row["label"] or gettext("words withheld"),
        "url": reverse(address, args=[] if queue.decided_at else [quote(row["id"])]),
        "badge": status_badge(status) if status else "",
        "why": queue.why(row),
    }


def with_queues(urls: Callable[[], list[Any]]) -> Callable[[], list[Any]]:
    """The admin's addresses, with a list for each queue before them."""

    def get_urls() -> list[Any]:
        view = admin.site.admin_view(queue_view)
        return [path("commitments/queue/<slug:slug>/", view, name="queue"), *urls()]

    return get_urls
