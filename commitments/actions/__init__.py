"""The verbs: every way the ledger and the record can change, one function each. Nothing else writes them."""

from commitments.actions.capturing import fill_capture, recheck
from commitments.actions.merging import merge, moved_by_merge, unmerge
from commitments.actions.publishing import amend, moved_by, publish
from commitments.actions.refusals import Conflict, Problem, Refused
from commitments.actions.retracting import Correction, retract
from commitments.actions.statuses import correct_status, record_status
from commitments.actions.writing import Written

__all__ = [
    "Conflict",
    "Correction",
    "Problem",
    "Refused",
    "Written",
    "amend",
    "correct_status",
    "fill_capture",
    "merge",
    "moved_by",
    "moved_by_merge",
    "publish",
    "recheck",
    "record_status",
    "retract",
    "unmerge",
]
