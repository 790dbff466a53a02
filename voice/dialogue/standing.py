"""Where things stood when the caller rang before: what a number may hear of it, and what only they. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from voice.dialogue.memory import EarlierCall
from voice.dialogue.playbook import Language, Playbook, placeholders
from voice.dialogue.request import Request
from voice.dialogue.requests import Line
from voice.dialogue.saying import in_sentences

_FACT = re.compile(r"\\\{.*?\\\}")
_SHORTEST = 3
"""Words from which a sentence of a promise says something: "Done." does not."""


@dataclass(frozen=True)
class Standing:
    """Where things stood.

    Attributes:
        request: what the caller rang about.
        question: asks whether this call is about the same.
        promise: what was promised then, for whoever has been verified; None where there is nothing to tell.
    """

    request: str
    question: Line
    promise: Line | None = None


def standing(
    playbook: Playbook, earlier: Iterable[EarlierCall], now: datetime, language: Language
) -> Standing | None:
    """Return where the last call that is to be spoken of was left; None where there is none.

    A number verifies nobody: a promise is told with the question only where the playbook lets a number hear
    about the request, and the promise holds no fact.
    """
    last = next((call for call in earlier if call.subject in playbook.requests), None)
    when = last.when(now, language) if last else None
    if last is None or last.subject is None or when is None:
        return None
    request, sentences = playbook.requests[last.subject], playbook.sentences
    known = {"when": when, "about": request.about[language][0]}
    is_open, promise = last.subject in last.unsettled, _promise(playbook, request, last.promised, language)
    if promise is None:
        return Standing(last.subject, Line(sentences.left_open if is_open else sentences.rang_before, known))
    told = {**known, "promise": _without_openers(promise)}
    if not is_open and _is_fixed(promise, request, language):
        return Standing(last.subject, Line(sentences.promised_before, told, said_before=True))
    question = sentences.left_open if is_open else sentences.promised_something
    return Standing(
        last.subject,
        Line(question, known, said_before=not is_open),
        Line(sentences.as_promised, told, said_before=True),
    )


def _promise(playbook: Playbook, request: Request, promised: Sequence[str], language: Language) -> str | None:
    """Return the last promise about a request; one in no wording of the playbook is an agent's own."""
    others = playbook.requests.values()
    return next(
        (
            text
            for text in reversed(promised)
            if _says(request, (language,), text)
            or not any(_says(other, playbook.languages, text) for other in others)
        ),
        None,
    )


def _says(request: Request, languages: Iterable[Language], text: str) -> bool:
    """Return whether a text is what the request may answer, all of it or a sentence."""
    return any(pattern.fullmatch(text) for language in languages for pattern in _patterns(request, language))


def _is_fixed(promise: str, request: Request, language: Language) -> bool:
    """Return whether a promise tells nothing that a caller's number may not hear."""
    fixed = {
        sentence
        for _, answer in request.every_answer()
        for wording in answer.say[language]
        for sentence in (wording, *in_sentences(wording))
        if not placeholders(wording)
    }
    return request.verify != "fact" and promise in fixed


def _patterns(request: Request, language: Language) -> Iterator[re.Pattern[str]]:
    """Yield a pattern for all that an answer of the request may be, whole or in sentences."""
    for _, answer in request.every_answer():
        for texts in (answer.say, answer.verified or {}):
            for wording in texts.get(language, ()):
                for sentence in dict.fromkeys((wording, *in_sentences(wording))):
                    yield re.compile(_FACT.sub(".+", re.escape(sentence)))


def _without_openers(promise: str) -> str:
    sentences = in_sentences(promise)
    telling = [sentence for sentence in sentences if len(sentence.split()) >= _SHORTEST]
    return " ".join(telling or sentences)
