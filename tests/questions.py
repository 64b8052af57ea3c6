"""Everything that can be asked of the API: each route with each value of each parameter that it declares.

A new route, parameter or filter is in it by itself, or fails for want of a value to ask with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from commitments import vocabulary
from commitments.api.included import INCLUDED
from commitments.api.parameters import Parameter
from commitments.api.shapes import THINGS
from commitments.api.urls import urlpatterns
from commitments.api.views import PATHS, ChangesView, ListView, ReadView
from commitments.filters import ChangeFilters, Rule
from commitments.readers import Reader, Reference, Stance, TermReference
from commitments.selection import FACETS
from tests.routes import API, ONE_OF_EACH

Named = Mapping[str, list[str]]
# Names to ask with, by noun.
PUBLISHED: Named = {noun: [name] for noun, name in ONE_OF_EACH.items()} | {
    "term": ["kind/extradition", "topic/arms-trafficking", "place/mexico"]
}
NOUNS = {words: noun for noun, words in PATHS.items()}
# What lists of the API take and pages do not.
FILTERS_ALONE = ("fields", "count", "facets", "include", "sort", "as_of", "cursor")


def questions(named: Named = PUBLISHED) -> Iterator[str]:
    for pattern in urlpatterns:
        view = pattern.callback.view_class(**pattern.callback.view_initkwargs)
        for address in addresses(str(pattern.pattern), named):
            yield API + address
            yield from (f"{API}{address}?{asked}" for asked in queries(view, named))


def naming(named: Named) -> Iterator[str]:
    """The questions that name a thing: in the path, or as a value of a filter."""
    for pattern in urlpatterns:
        view = pattern.callback.view_class(**pattern.callback.view_initkwargs)
        route = str(pattern.pattern)
        found = addresses(route, named)
        yield from (API + address for address in found if "<" in route)
        others = [parameter.name for parameter in view.parameters if parameter.name not in named_by(view)]
        yield from (f"{API}{address}?{asked}" for address in found for asked in queries(view, named, others))


def page_questions(named: Named = PUBLISHED) -> Iterator[str]:
    """The pages for people take the filters of the API: each is asked once with each thing, or with one other value."""
    yield "/"
    for noun in ("commitment", "claim", "actor", "source", "occasion"):
        yield from [f"/{PATHS[noun]}/", *(f"/{PATHS[noun]}/{name}/" for name in named[noun])]
    view = ListView(noun="commitment")
    asked = {}
    for question in queries(view, named, FILTERS_ALONE):
        name, _, value = question.partition("=")
        thing = value.partition("%3A")[0] if name in named_by(view) else ""
        asked[name, thing] = f"/commitments/?{question}"
    yield from asked.values()


def named_by(view: ReadView) -> set[str]:
    """The parameters that name a thing."""
    return {name for name, rule in rules_of(view).items() if isinstance(rule.reader, (Reference, Stance))}


def addresses(route: str, named: Named) -> list[str]:
    """The route with each thing of its noun in it."""
    for variable, value in {"<str:n>": "1", "<str:seq>": "1"}.items():
        route = route.replace(variable, value)
    if "<" not in route:
        return [route]
    names = named[NOUNS[route.partition("/")[0]]]
    if "<str:scheme>/<str:slug>" in route:
        return [route.replace("<str:scheme>/<str:slug>", name) for name in names]
    if "<str:scheme>" in route:
        return [route.replace("<str:scheme>", name.partition("/")[0]) for name in names]
    return [route.replace("<str:id>", name) for name in names]


def queries(view: ReadView, named: Named, left_out: Iterable[str] = ("cursor",)) -> Iterator[str]:
    rules = rules_of(view)
    for parameter in view.parameters:
        if parameter.name not in left_out:
            reader = rules[parameter.name].reader if parameter.name in rules else None
            yield from (f"{parameter.name}={quote(value)}" for value in values(view, parameter, reader, named))


def rules_of(view: ReadView) -> Mapping[str, Rule]:
    if isinstance(view, ChangesView):
        return ChangeFilters.rules
    return view.filters.rules if isinstance(view, ListView) and view.filters else {}


def values(view: ReadView, parameter: Parameter, reader: Reader | None, named: Named) -> Iterable[str]:
    match reader:
        case TermReference():
            return [name for name in named["term"] if name.startswith(f"{reader.scheme}/")]
        case Reference():
            return named[reader.noun]
        case Stance():
            return [f"{name}:{position}" for name in named["actor"] for position in vocabulary.POSITIONS]
    match parameter.name:
        case "fields":
            return ["id", ",".join(THINGS[view.noun]["properties"])]
        case "include":
            names = INCLUDED[view.noun].names
            return [*names, ",".join(names)]
        case "facets":
            return [*FACETS[view.noun], ",".join(FACETS[view.noun])]
    return of_schema(parameter)


def of_schema(parameter: Parameter) -> list[str]:
    match parameter.schema:
        case {"enum": words}:
            return list(words)
        case {"type": "boolean"}:
            return ["true", "false"]
        case {"type": "integer"}:
            return [str(parameter.schema[bound]) for bound in ("minimum", "maximum") if bound in parameter.schema]
        case {"format": "date"}:
            return ["2021-01-20"]
        case {"examples": examples}:
            return examples
    raise LookupError(f"Nothing to ask {parameter.name} with: give its schema examples.")
