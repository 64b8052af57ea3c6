"""The nouns: the desk that curators edit, and the ledger and record that the public reads."""

from commitments.models.actors import Actor, ActorName, Office
from commitments.models.captures import Fetch, FetchedWarc, Sketch
from commitments.models.claims import Bearing, Claim
from commitments.models.commitments import Commitment, Lineage, Party, StatusChange
from commitments.models.duplicates import Likeness
from commitments.models.imports import Import, ImportRow, Outcome, State
from commitments.models.ledger import Curator, Entry, Head
from commitments.models.occasions import Occasion, Participant
from commitments.models.record import (
    ClaimStanding,
    CommitmentSpan,
    CommitmentStanding,
    PlainStanding,
    Subject,
    Total,
    Version,
)
from commitments.models.review import Comment, Edit, ReviewMember, ReviewSet, ReviewState
from commitments.models.sources import Capture, CaptureBytes, Hop, Passage, Source
from commitments.models.terms import Term

__all__ = [
    "Actor",
    "ActorName",
    "Bearing",
    "Capture",
    "CaptureBytes",
    "Claim",
    "ClaimStanding",
    "Comment",
    "Commitment",
    "CommitmentSpan",
    "CommitmentStanding",
    "Curator",
    "Edit",
    "Entry",
    "Fetch",
    "FetchedWarc",
    "Head",
    "Hop",
    "Import",
    "ImportRow",
    "Likeness",
    "Lineage",
    "Occasion",
    "Office",
    "Outcome",
    "Participant",
    "Party",
    "Passage",
    "PlainStanding",
    "ReviewMember",
    "ReviewSet",
    "ReviewState",
    "Sketch",
    "Source",
    "State",
    "StatusChange",
    "Subject",
    "Term",
    "Total",
    "Version",
]
