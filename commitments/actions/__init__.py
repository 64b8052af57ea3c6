"""The verbs: every way the ledger and the record can change, one function each. Nothing else writes them."""

from commitments.actions.capturing import add_capture, draft_source, fill_capture, recheck
from commitments.actions.fetching import ask_for
from commitments.actions.merging import merge, moved_by_merge, unmerge
from commitments.actions.publishing import amend, moved_by, publish, publish_set, rehearse_set
from commitments.actions.refusals import Conflict, Problem, Refused
from commitments.actions.retracting import Correction, retract
from commitments.actions.reviewing import (
    comment,
    keep_set,
    publish_reviewed,
    resolve,
    return_set,
    submit_set,
    withdraw_set,
)
from commitments.actions.statuses import correct_status, record_status
from commitments.actions.undoing import discard_edits, undo_entry
from commitments.actions.writing import Written

__all__ = [
    "Conflict",
    "Correction",
    "Problem",
    "Refused",
    "Written",
    "add_capture",
    "amend",
    "ask_for",
    "comment",
    "correct_status",
    "discard_edits",
    "draft_source",
    "fill_capture",
    "keep_set",
    "merge",
    "moved_by",
    "moved_by_merge",
    "publish",
    "publish_reviewed",
    "publish_set",
    "recheck",
    "record_status",
    "rehearse_set",
    "resolve",
    "retract",
    "return_set",
    "submit_set",
    "undo_entry",
    "unmerge",
    "withdraw_set",
]
