"""One thing at an instant, and all its states: Memento (RFC 7089).

The address of a thing is its own TimeGate: `Accept-Datetime` is answered with 200 by the state of that instant,
whose own address stands in `Content-Location` (the RFC's pattern 1.2, section 4.1.2). A state begins with the
entry that opened the thing's standing, so its permanent address is `?known_at={seq}`; where the day asked about
is a later one, `as_of` goes with it, for `flags.overdue` hangs on the day. The header counts whole seconds: what
was recorded within the one that it names is known by then. `known_at` in the address names a state already, and
the header is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.http import http_date, parse_http_date

from commitments.api.conditional import MAY_CHANGE, Conditional, current_tag
from commitments.api.parameters import Parameter
from commitments.clocks import Clock, Refused, resolve
from commitments.models.ledger import Entry
from commitments.models.record import STANDINGS, StandingQuerySet
from commitments.reading import named
from commitments.selection import Listed

LINK_FORMAT = "application/link-format"
HEADER = "Accept-Datetime"
SECOND = timedelta(seconds=1)
# In one answer of a TimeMap.
MOST_STATES = 1000


@dataclass(frozen=True, order=True)
class State:
    """The entry that opened it, when that was recorded, and of what."""

    seq: int
    since: datetime
    subject_id: str

    def link(self, own: str, *rels: str) -> str:
        words = " ".join([*rels, "memento"])
        return f'<{own}?known_at={self.seq}>; rel="{words}"; datetime="{written(self.since)}"'


@dataclass(frozen=True)
class Memento:
    """The state that answers for an instant, and those that it is told with: first, previous, next, last."""

    instant: datetime
    states: list[State]

    @property
    def index(self) -> int:
        """The last state that began by the instant, else the first."""
        return max(sum(state.since <= self.instant for state in self.states) - 1, 0)

    @property
    def state(self) -> State:
        return self.states[self.index]

    @property
    def newest(self) -> State:
        return self.states[-1]

    @property
    def clocks(self) -> dict[str, str]:
        """What stands in the address of the answer."""
        day, since = self.instant.date(), self.state.since.date()
        later = {"as_of": day.isoformat()} if day > since else {}
        return {"known_at": str(self.state.seq)} | later

    def links(self, own: str) -> list[str]:
        last, at = len(self.states) - 1, self.index
        told: dict[int, list[str]] = {}
        for rel, place in (("first", 0), ("prev", at - 1), ("", at), ("next", at + 1), ("last", last)):
            if 0 <= place <= last:
                told.setdefault(place, []).extend([rel] if rel else [])
        return [self.states[place].link(own, *rels) for place, rels in sorted(told.items())]


class TimeGate(Conditional):
    """For a view of one thing. To find the state costs one query, which is all that a 304 costs."""

    noun: str
    parameters: list[Parameter]

    @cached_property
    def asked_at(self) -> datetime:
        return timezone.now()

    @cached_property
    def memento(self) -> Memento | None:
        if not is_asked_for(self.request):
            return None
        return at(self.noun, super().named, read_instant(self.request.headers[HEADER], self.asked_at))

    @property
    def named(self) -> str:
        return self.memento.state.subject_id if self.memento else super().named

    @property
    def own_query(self) -> QueryDict:
        """Of the state's own address: what was sent, and the clocks that it leaves open."""
        kept = self.request.GET.copy()
        for parameter in self.parameters:
            if parameter.name in self.memento.clocks:
                kept.setdefault(parameter.name, self.memento.clocks[parameter.name])
        return kept

    def resolve_clock(self) -> Clock:
        if not is_asked_for(self.request):
            return super().resolve_clock()
        if self.memento is None:
            raise Http404
        query = self.own_query
        self.clock = resolve(query["known_at"], query.get("as_of"), self.asked_at)
        return self.clock

    def headers_of_states(self, own: str, standing: Listed, page: str | None) -> dict[str, str]:
        """`page`: where people read of the thing."""
        links = gate_links(own) + (self.memento.links(own) if self.memento else [])
        links += [f'<{page}>; rel="alternate"; type="text/html"'] if page else []
        told = {"Link": ", ".join(links)} | self.headers_of_the_answer(self.request)
        if self.memento:
            told["Cache-Control"] = MAY_CHANGE
        is_state = self.memento or "known_at" in self.request.GET
        return told | ({"Memento-Datetime": written(standing.opened_at)} if is_state else {})

    def headers_of_the_answer(self, request: HttpRequest) -> dict[str, str]:
        if "known_at" in request.GET:
            return {}
        if self.memento is None:
            return {"Vary": HEADER}
        own = self.links(self.noun, self.memento.state.subject_id, "")["self"]
        return {"Vary": HEADER, "Content-Location": f"{own}?{self.own_query.urlencode(safe='[]:,')}"}

    def asked_in_headers(self, request: HttpRequest) -> str:
        return request.headers[HEADER] if is_asked_for(request) else ""

    def current_seq(self, request: HttpRequest) -> int | None:
        return self.memento.newest.seq if self.memento else super().current_seq(request)

    def tag_of(self, digest: str) -> str | None:
        """A state stays; which states it is told with does not."""
        if not self.memento:
            return super().tag_of(digest)
        day = self.request.GET.get("as_of") or self.asked_at.date().isoformat()
        return current_tag(self.memento.newest.seq, day, digest)


def is_asked_for(request: HttpRequest) -> bool:
    return HEADER in request.headers and "known_at" not in request.GET


def written(instant: datetime) -> str:
    return http_date(int(instant.timestamp()))


def read_instant(text: str, now: datetime) -> datetime:
    """The end of the second that is named, or now where that has not come."""
    try:
        begins = datetime.fromtimestamp(parse_http_date(text), UTC)
    except (ValueError, OverflowError):
        begins = None
    if begins is None or written(begins) != text:
        advice = "write an instant as Thu, 31 May 2007 20:35:00 GMT, with its own day of the week"
        raise Refused.parameter(HEADER, "invalid", f"The header {HEADER} cannot be read: {advice}.")
    return now if begins > now - SECOND else begins + SECOND - timedelta(microseconds=1)


def states_of(noun: str, id_or_slug: str) -> StandingQuerySet:
    """All standings of the thing that bears the name now, or bore it last."""
    rows = STANDINGS[noun].objects.of_type(noun)
    bearer = rows.filter(**named(noun, id_or_slug)).order_by("-seq").values("subject_id")[:1]
    return rows.filter(subject_id=Subquery(bearer))


def at(noun: str, id_or_slug: str, instant: datetime) -> Memento | None:
    """None: there is no such thing. One query."""
    newest = Entry.objects.recorded_by(instant).order_by("-recorded_at", "-seq").values("seq")[:1]
    seq = Coalesce(Subquery(newest), 0)
    opened = states_of(noun, id_or_slug).values_list("seq", "opened_at", "subject_id")
    falling, rising = opened.order_by("-seq"), opened.order_by("seq")
    around = (falling.filter(seq__lte=seq)[:2], rising.filter(seq__gt=seq)[:2], rising[:1], falling[:1])
    states = sorted(State(*row) for row in around[0].union(*around[1:]))
    return Memento(instant, states) if states else None


def gate_links(own: str) -> list[str]:
    """What every answer about a thing says of its other states."""
    return [f'<{own}>; rel="original timegate"', f'<{own}timemap/>; rel="timemap"; type="{LINK_FORMAT}"']


def time_map(own: str, standing: Listed, after: int, clock: Clock) -> str:
    """The states of one thing known at the clock, oldest first, as links (RFC 6690), behind the entry `after`.
    Where there are more, the next part is a link too. One query."""
    rows = states_of(standing.subject_type, standing.subject_id).filter(seq__gt=after, seq__lte=clock.seq)
    opened = rows.order_by("seq").values_list("seq", "opened_at", "subject_id")
    found = [State(*row) for row in opened[: MOST_STATES + 1]]
    states, has_more = found[:MOST_STATES], len(found) > MOST_STATES
    known = [] if clock.is_head else [f"known_at={clock.seq}"]
    lines = [f'<{own}>; rel="original timegate"', link_to_map(own, "self", [*sent_after(after), *known], states)]
    if has_more:
        lines.append(link_to_map(own, "timemap", [*sent_after(states[-1].seq), *known], []))
    for place, state in enumerate(states):
        is_last = not has_more and place == len(states) - 1
        lines.append(state.link(own, *["first"] * (place == 0 and not after), *["last"] * is_last))
    return ",\n".join(lines) + "\n"


def sent_after(seq: int) -> list[str]:
    return [f"after={seq}"] if seq else []


def link_to_map(own: str, rel: str, sent: list[str], states: list[State]) -> str:
    address = f"{own}timemap/{'?' if sent else ''}{'&'.join(sent)}"
    ends = f'; from="{written(states[0].since)}"; until="{written(states[-1].since)}"' if states else ""
    return f'<{address}>; rel="{rel}"; type="{LINK_FORMAT}"{ends}'
