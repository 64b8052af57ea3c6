"""The database's refusals as sentences for the person at the desk."""

from __future__ import annotations

import re
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What a constraint asks for, by its name. Triggers speak for themselves.
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


def sentence_of(error: IntegrityError) -> str:
    """The constraint's sentence, else what the database said."""
    told = error.__cause__.diag
    said = str(SENTENCES.get(told.constraint_name or "") or told.message_primary)
    return said[0].upper() + said[1:]


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
