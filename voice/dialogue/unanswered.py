"""What a playbook wants of its back office and does not get: calls, and the facts its sentences speak of."""

from collections.abc import Iterator, Mapping, Sequence

from voice.dialogue import demo_calls
from voice.dialogue.playbook import Playbook, placeholders, texts
from voice.dialogue.request import READY, Request
from voice.dialogue.sentences import PLACEHOLDERS
from voice.dialogue.texts import Texts
from voice.yaml_file import Location

_SAMPLES = {
    "amount": "45.50 EUR",
    "cents": "45.50 EUR",
    "date": "2026-03-14",
    "birthday": "1985-05-04",
    "order_number": "FJ104471",
    "postcode": "75012",
    "time": "20:00",
}
"""A fact of each kind, as it is written; any other is a word."""
_WORD = "Solheim"
_HOURS = {"closes": "time", "opens": "time", "opens_day": "date"}
"""What the playbook itself knows."""
_NOTHING: Mapping[str, str] = {}


def unanswered(book: Playbook) -> Iterator[tuple[Location, str]]:
    """Yield each wish nobody fulfils: where it stands in the playbook, and what to write instead."""
    for name, request in book.requests.items():
        for place, call in _calls(request):
            if not book.back_office and call not in demo_calls.CALLS:
                known = ", ".join(demo_calls.CALLS)
                where = ("requests", name, *place)
                yield where, f"{name}: the demo back office has no call `{call}`; it has {known}"
        kinds = _kinds(book, request.look_up)
        for slot, told in request.slots.items():
            if told.later_than and kinds.get(told.later_than) != "date":
                where = ("requests", name, "slots", slot, "later_than")
                yield where, f"{name}: the look-up finds no date `{told.later_than}`"
    for location, text, facts in sayings(book):
        for language, wordings in text.items():
            for number, wording in enumerate(wordings):
                for wanted in sorted(placeholders(wording) - facts.keys()):
                    known = ", ".join(f"`{{{name}}}`" for name in facts) or "nothing"
                    yield (
                        (*location, language, number),
                        f"nothing fills `{{{wanted}}}` here; known is {known}",
                    )


def sayings(book: Playbook) -> Iterator[tuple[Location, Texts, Mapping[str, str]]]:
    """Yield all that the line may say, with where it stands and a sample of each fact it may hold."""
    for location, text in texts(book):
        if location[0] != "clauses" and location[2:] != ("about",):  # those are named in what is said
            yield location, text, _facts(book, location)


def _facts(book: Playbook, location: Location) -> Mapping[str, str]:
    """Return a sample of each fact a sentence may hold, and how the back office has answered."""
    match location:
        case ("sentences", str(name)):
            return dict.fromkeys(PLACEHOLDERS.get(name, ()), _WORD)
        case ("requests", str(name), *place):
            return _facts_of(book, name, place)
    return _NOTHING


def _facts_of(book: Playbook, name: str, place: Sequence[str | int]) -> Mapping[str, str]:
    request = book.requests[name]
    told = {slot: _sample(wanted.kind) for slot, wanted in request.slots.items()}
    match place:
        case ["answers", str(outcome), _]:
            return {**told, name: outcome, **_found(book, request.look_up)}
        case ["change", "answers", str(outcome), _] if request.change:
            return {**told, name: outcome, **_found(book, request.change.call)}
        case ["slots", _, "ask"] | ["change", "confirm"] if request.change:
            return {**told, name: READY, **_found(book, request.look_up)}
    return _NOTHING


def _found(book: Playbook, call: str | None) -> Mapping[str, str]:
    """Return a sample of each fact that a call may find."""
    return {name: _sample(kind) for name, kind in _kinds(book, call).items()}


def _kinds(book: Playbook, call: str | None) -> Mapping[str, str]:
    """Return the kind of each fact that a call may find."""
    if call is None:
        return _HOURS
    if book.back_office:
        described = book.back_office.calls.get(call)
        return {name: fact.kind for name, fact in described.facts.items()} if described else {}
    return {"name": "text", **demo_calls.FACTS.get(call, {})}


def _sample(kind: str) -> str:
    return _SAMPLES.get(kind, _WORD)


def _calls(request: Request) -> Iterator[tuple[tuple[str, ...], str]]:
    if request.look_up:
        yield ("look_up",), request.look_up
    if request.change:
        yield ("change", "call"), request.change.call
