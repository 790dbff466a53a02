"""What the bot says where nothing is served: after a break, to "thanks", to a turn not understood. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from voice.dialogue.acts import PERSON, Act
from voice.dialogue.playbook import Language, Playbook, Texts
from voice.dialogue.requests import Line
from voice.dialogue.understanding import Intent
from voice.journal.events import AnyEvent, Decided, Understood


def after_a_break(
    playbook: Playbook, request: str | None, answered: Collection[str], language: Language
) -> list[Line]:
    """Return what is said to a caller who lost the bot while it was about `request`."""
    sentences, part = playbook.sentences, playbook.taught.get(request or "")
    if part is None:
        return [Line(sentences.cut_off)]
    then = sentences.anything_else if request in answered else sentences.go_on
    return [Line(sentences.cut_off_about, {"about": part.about[language][0]}), Line(then)]


@dataclass(frozen=True)
class Answered:
    """What is said to a turn, what the journal keeps of it, and whether the call is over then."""

    lines: Sequence[Line]
    events: tuple[AnyEvent, ...]
    hang_up: bool = False


def topic_among(playbook: Playbook, intents: Iterable[Intent], least: float) -> Intent | None:
    """Return the surest of what is for people only that a turn is about, at least as sure as `least`."""
    for_people = {PERSON, *playbook.human_only}
    topics = [one for one in intents if one.name in for_people and one.confidence >= least]
    return max(topics, key=lambda topic: topic.confidence, default=None)


def acknowledged(playbook: Playbook, act: Act) -> Answered:
    """Answer a turn that is about the conversation itself and asks for nothing."""
    sentences = playbook.sentences
    understood = Understood(request=act.value, confidence=1.0)
    if act is Act.GOODBYE:
        closing = Decided(action="close", why="the caller is done")
        return Answered([Line(sentences.goodbye)], (understood, closing), hang_up=True)
    if act is Act.WAIT:
        return Answered([], (understood, Decided(action="wait", why="the caller wants a moment")))
    if act is Act.REPEAT:
        again = Decided(action="repeat", why="the caller asked to hear it again")
        return Answered([Line(sentences.nothing_to_repeat)], (understood, again))
    lines = {
        Act.THANKS: [Line(sentences.closing), Line(sentences.anything_else)],
        Act.GREETING: [Line(sentences.hello)],
    }
    decided = Decided(action="ask", why=f"the caller said {act.value}, and nothing else")
    return Answered(lines.get(act, [Line(sentences.what_else)]), (understood, decided))


def missed(playbook: Playbook, misses: int, again: Sequence[Line]) -> Answered:
    """Answer a turn that was not understood.

    Args:
        playbook: says how many of them lead to a person.
        misses: turns in a row before it that were not understood.
        again: asks the open question once more; empty where there is none.
    """
    understood = Understood(request=None, confidence=0.0)
    if misses + 1 >= playbook.thresholds.not_understood:
        return Answered([], (understood, Decided(action="hand_over", why="not understood again")))
    lines = again or [Line(playbook.sentences.not_understood)]
    return Answered(lines, (understood, Decided(action="apologise", why="not understood")))


def handed_over(request: str, confidence: float, why: str, say: Texts | None = None) -> Answered:
    """Give way to a person, saying what the playbook says first."""
    understood = Understood(request=request, confidence=confidence)
    decided = Decided(action="hand_over", why=why, request=request)
    return Answered([Line(say)] if say else [], (understood, decided))
