"""The database's refusals as sentences in the language of the person at the desk."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from commitments.languages import label
from commitments.vocabulary import LINEAGE_TYPES

# What a constraint asks for, by its name.
SENTENCES = {
    "actor_not_part_of_itself": _("An actor cannot be part of itself."),
    "actor_state_or_person_is_no_part": _(
        "A state or a person is part of nothing; a person's side comes from their office. Leave “part of” empty."
    ),
    "actor_one_name_per_language": _("There is a name in this language already."),
    "office_body_is_not_person": _("The body is where the office is held, not the person who holds it."),
    "participant_by_office_or_as_actor": _(
        "Name an office alone, or an actor (with a capacity where the source gives one): not both, not neither."
    ),
    "source_publisher_has_basis_and_note": _(
        "A publisher needs a basis, and a note unless the source states it; without a publisher leave both empty."
    ),
    "capture_digests_are_hex": _("A SHA-256 has 64 digits from 0-9 and a-f."),
    "capture_once_per_source": _("This source has a capture with these very bytes already."),
    "passage_ends_after_start": _("The passage must end after it starts."),
    "passage_digest_is_hex": _("A SHA-256 has 64 digits from 0-9 and a-f."),
    "hop_names_or_describes": _("Name the actor who relayed it, or give the source's words for them."),
    "bearing_status_or_position": _(
        "A bearing says one thing: a status, or one actor's position. "
        "Give the status alone, or the actor and the position."
    ),
    "bearing_reading_has_note": _("Every reading but “literal” needs a note that shows the reasoning."),
    "lineage_not_to_itself": _("A commitment cannot follow from itself."),
    "lineage_reading_has_note": _("Every reading but “literal” needs a note that shows the reasoning."),
    "lineage_once": _("This link is there already."),
    "party_once_per_role": _("This actor has this role already."),
    "commitment_due_has_first": _("A deadline needs its first deadline as well."),
    "status_change_void_is_correction": _("A draft needs a status; only a correction may have none."),
    "review_member_waits_once": _("Something in this set awaits review in another set already; look at it again."),
    "status_change_is_dated": _("A status needs the date from which it held, with its basis."),
}


# What triggers say, as they say it. A test asks for each that the database can raise.
SAID = (
    gettext_noop("%(table)s is append-only: %(operation)s refused"),
    gettext_noop("%(table)s is append-only: only an open row may be closed"),
    gettext_noop("%(table)s only moves forward"),
    gettext_noop("%(table)s cannot be emptied"),
    gettext_noop("%(table)s %(id)s is published and stays; retract it instead"),
    gettext_noop("%(table)s %(id)s keeps its id, and what is published stays so"),
    gettext_noop("%(id)s is not in the ledger: only an action publishes"),
    gettext_noop("%(id)s is merged, and the merge undone, by an entry of the ledger alone"),
    gettext_noop("a merge names another published thing of the same noun"),
    gettext_noop("entry %(seq)s: its columns are not what its core says"),
    gettext_noop("version %(id)s: the body is not the one that entry %(seq)s digests"),
    gettext_noop("%(noun)s without a passage"),
    gettext_noop("a bearing or participant without a passage"),
    gettext_noop("only a correction may have no status"),
    gettext_noop("status without a claim"),
    gettext_noop("source without a capture"),
    gettext_noop("nothing to append"),
    gettext_noop("the day has turned"),
    gettext_noop("%(member)s ends after today; write the interval up to today"),
    gettext_noop("a capture of a published source is never edited or removed; add another capture"),
    gettext_noop("these bytes are not the capture: their SHA-256 or size differs"),
    gettext_noop("these bytes are not the WARC: their SHA-256 differs"),
    gettext_noop("this text is not the capture's: its SHA-256 or number of characters differs"),
    gettext_noop("the passage ends at %(end)s, after the text's %(characters)s characters"),
    gettext_noop("the exact words do not fit their positions and digest"),
    gettext_noop("the words do not stand at %(start)s to %(end)s of the held text"),
    gettext_noop(
        "of a source that may only be quoted, no more than five of the outlet's own words "
        "in a row may be shown, and no context"
    ),
    gettext_noop("passages of this source show more than may be quoted; shorten those first"),
    gettext_noop("the office is not one that the claimant held"),
    gettext_noop("claims were made in this office by its holder; record another office for another person"),
    gettext_noop("the first deadline of a published commitment never moves"),
    gettext_noop("an actor cannot be part of something that is part of it"),
    gettext_noop("a commitment cannot come to “%(lineage)s” itself by way of others"),
    gettext_noop("the claims of a recorded status change stay; correct the change instead"),
    gettext_noop("a recorded status change is never edited; correct it instead"),
    gettext_noop("a correction names a status change of the same commitment"),
    gettext_noop("a published claim needs a passage"),
    gettext_noop("a published office needs a passage"),
    gettext_noop("a published occasion and each of its participants need a passage"),
    gettext_noop("published lineage that is not our inference needs a passage"),
    gettext_noop("each bearing of a published claim needs a passage"),
    gettext_noop("a recorded status needs a cited claim that bears that very status"),
)


def sentence_of(error: DatabaseError) -> str:
    """The constraint's sentence, else what the database said."""
    told = getattr(error.__cause__, "diag", None)
    if told is None or not told.message_primary:
        return str(error)
    return capfirst(str(SENTENCES.get(told.constraint_name or "") or in_language(told.message_primary)))


def in_language(message: str) -> str:
    """A trigger's message in the reader's language; one that is not known as it is."""
    for said in SAID:
        if found := _shape(said).fullmatch(message):
            return gettext(said) % {name: _fact(name, fact) for name, fact in found.groupdict().items()}
    return message


@cache
def _shape(said: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>\\S+)", re.escape(said)))


def _fact(name: str, fact: str) -> str:
    """Tables, nouns, columns and words of the rubric have names at the desk."""
    if name in ("table", "noun"):
        table = fact if name == "table" else "commitments_" + fact.replace("_", "")
        return next((str(m._meta.verbose_name) for m in apps.get_models() if m._meta.db_table == table), fact)
    if name == "member":
        return gettext(fact.replace("_", " "))
    return label(LINEAGE_TYPES, fact) if name == "lineage" and fact in LINEAGE_TYPES else fact


def in_sentences(error: ValidationError) -> ValidationError:
    """A form's errors, with violated constraints in words."""
    # Django's own sentence, in whatever language it was just said.
    named = re.compile(re.escape(gettext("Constraint “%(name)s” is violated.")).replace(r"%\(name\)s", r"(\w+)"))
    lists = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    for single in chain.from_iterable(lists):
        found = named.search(str(single.message))
        if found and found[1] in SENTENCES:
            single.message = SENTENCES[found[1]]
    return error
