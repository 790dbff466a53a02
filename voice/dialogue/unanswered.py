"""What a playbook wants of its back office and does not get: calls, and the facts its sentences speak of."""

from collections.abc import Iterator

from voice.dialogue import demo_calls
from voice.dialogue.playbook import Playbook, placeholders
from voice.dialogue.request import Answer, Request

_HOURS = frozenset(("closes", "opens", "opens_day"))
"""What the playbook itself knows."""


def unanswered(book: Playbook) -> Iterator[tuple[str, str]]:
    """Yield each wish nobody fulfils: the words that stand in the playbook, and what to write instead."""
    for name, request in book.requests.items():
        for call in _calls(request):
            if not book.back_office and call not in demo_calls.CALLS:
                known = ", ".join(demo_calls.CALLS)
                yield call, f"{name}: the demo back office has no call `{call}`; it has {known}"
        for wording in _wordings(request):
            for wanted in placeholders(wording) - _known(book, request):
                known = ", ".join(sorted(_known(book, request))) or "none"
                yield wording, f"{name}: nothing fills `{{{wanted}}}`; its back-office calls find {known}"


def _calls(request: Request) -> Iterator[str]:
    if request.look_up:
        yield request.look_up
    if request.change:
        yield request.change.call


def _wordings(request: Request) -> Iterator[str]:
    answers: list[Answer] = [answer for _, answer in request.every_answer()]
    texts = [text for answer in answers for text in (answer.say, answer.verified) if text]
    texts += [request.change.confirm] if request.change else []
    for text in texts:
        for wordings in text.values():
            yield from wordings


def _known(book: Playbook, request: Request) -> frozenset[str]:
    if request.look_up is None:
        return _HOURS
    known = {"name", *request.slots}
    for call in _calls(request):
        if not book.back_office:
            known.update(demo_calls.FACTS.get(call, ()))
        elif call in book.back_office.calls:
            known.update(book.back_office.calls[call].facts)
    return frozenset(known)
