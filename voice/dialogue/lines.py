"""What the bot says where nothing is served: to who rang before, after a break, to "thanks". Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime

from voice.dialogue.acts import Act
from voice.dialogue.memory import EarlierCall
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.requests import Line


def rang_before(
    playbook: Playbook, earlier: Iterable[EarlierCall], now: datetime, language: Language
) -> tuple[str, Line] | None:
    """Return the request a caller rang about the last time, and the question whether it is about that."""
    last = next((call for call in earlier if call.subject in playbook.requests), None)
    when = last.when(now, language) if last else None
    if last is None or last.subject is None or when is None:
        return None
    about = playbook.requests[last.subject].about[language][0]
    return last.subject, Line(playbook.sentences.rang_before, {"when": when, "about": about})


def after_a_break(
    playbook: Playbook, request: str | None, answered: Collection[str], language: Language
) -> list[Line]:
    """Return what is said to a caller who lost the bot while it was about `request`."""
    sentences, part = playbook.sentences, playbook.taught.get(request or "")
    if part is None:
        return [Line(sentences.cut_off)]
    then = sentences.anything_else if request in answered else sentences.go_on
    return [Line(sentences.cut_off_about, {"about": part.about[language][0]}), Line(then)]


def acknowledgement(playbook: Playbook, act: Act) -> list[Line]:
    """Return what is said to a turn that asks for nothing."""
    sentences = playbook.sentences
    lines = {
        Act.THANKS: [Line(sentences.closing), Line(sentences.anything_else)],
        Act.GREETING: [Line(sentences.hello)],
    }
    return lines.get(act, [Line(sentences.what_else)])
