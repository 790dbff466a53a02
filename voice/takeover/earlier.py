"""The caller's earlier calls as a brief tells of them, and what of each its own journal says. Pure."""

from collections.abc import Callable, Iterator

from voice.dialogue.memory import EarlierCall
from voice.journal.events import Statement
from voice.journal.link import PastCall
from voice.takeover.brief_wording import Wording


def told_of(past: PastCall, words: Wording, thing: Callable[[str | None], str]) -> Statement:
    """Return the brief's line about an earlier call.

    Args:
        past: the call, as its journal tells.
        words: the brief's language.
        thing: returns what a request is about, by its name.
    """
    call = EarlierCall.of(past)
    about = f" {words.texts['and']} ".join(map(thing, call.requests))
    ends = [words.texts["saw_colleague"]] if call.person else []
    ends += [words.say("left_open", thing=thing(name)) for name in call.unsettled]
    ends += [words.say("told", text=text) for text in call.promised]
    ago = words.span(*call.rounded)
    rang = words.say("rang", ago=ago, thing=about or words.texts["unknown_matter"])
    return Statement(text="; ".join((rang, *ends)), sources=past.sources, call=past.call)


def known_of(past: PastCall, words: Wording) -> Iterator[str]:
    """Yield what the earlier call's journal says, in the words a brief may use for it."""
    yield from past.requests
    yield from past.promised
    yield words.span(*EarlierCall.of(past).rounded)
    if past.person:
        yield words.texts["saw_colleague"]
    for name in past.open:
        yield words.say("left_open", thing=name)
