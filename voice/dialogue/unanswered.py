"""What a playbook wants of its back office and does not get: calls, and the facts its sentences speak of."""

from collections.abc import Iterator, Mapping

from voice.dialogue import demo_calls
from voice.dialogue.playbook import Playbook, placeholders
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
        found = _found(book, request.look_up)
        for slot, told in request.slots.items():
            if told.later_than and found.get(told.later_than) != _SAMPLES["date"]:
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
    yield ("greeting",), book.greetings, _NOTHING
    for name, text in book.sentences.texts():
        yield ("sentences", name), text, dict.fromkeys(PLACEHOLDERS.get(name, ()), _WORD)
    for name, topic in book.human_only.items():
        if topic.say:
            yield ("human_only", name, "say"), topic.say, _NOTHING
    if book.verification:
        for place, text in book.verification.texts():
            yield ("verification", *place), text, _NOTHING
    for name, request in book.requests.items():
        for place, text in request.texts():
            yield ("requests", name, *place), text, _facts(book, name, request, place)


def _facts(book: Playbook, name: str, request: Request, place: tuple[str, ...]) -> Mapping[str, str]:
    """Return a sample of each fact a request's sentence may hold, and how the back office has answered."""
    told = {slot: _sample(wanted.kind) for slot, wanted in request.slots.items()}
    match place:
        case ("answers", outcome, _):
            return {**told, name: outcome, **_found(book, request.look_up)}
        case ("change", "answers", outcome, _) if request.change:
            return {**told, name: outcome, **_found(book, request.change.call)}
        case ("slots", _, "ask") | ("change", "confirm") if request.change:
            return {**told, name: READY, **_found(book, request.look_up)}
    return _NOTHING


def _found(book: Playbook, call: str | None) -> Mapping[str, str]:
    """Return a sample of each fact that a call may find."""
    if call is None:
        return {name: _sample(kind) for name, kind in _HOURS.items()}
    kinds = demo_calls.FACTS.get(call, {})
    if book.back_office:
        described = book.back_office.calls.get(call)
        kinds = {name: fact.kind for name, fact in described.facts.items()} if described else {}
    else:
        kinds = {"name": "text", **kinds}
    return {name: _sample(kind) for name, kind in kinds.items()}


def _sample(kind: str) -> str:
    return _SAMPLES.get(kind, _WORD)


def _calls(request: Request) -> Iterator[tuple[tuple[str, ...], str]]:
    if request.look_up:
        yield ("look_up",), request.look_up
    if request.change:
        yield ("change", "call"), request.change.call
