"""What a caller's words ask of this line, by a classifier learnt from the playbook's own examples.

No service is asked. Without a sentence encoder it still works, less well. A turn may hold more than one
request: each of its clauses is also read alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voice.dialogue.acts import PERSON
from voice.dialogue.classifier import Classifier, Sentence
from voice.dialogue.gloss import gloss
from voice.dialogue.learnt import NO_ENCODERS, Encoders, Floats, Shelf
from voice.dialogue.playbook import Language, Playbook
from voice.dialogue.turn_parts import views
from voice.takeover.asking_learnt import ASKS, Asking

_MENTION = "mention"
"""Names a person and asks for none: of no account, but like those who ask it teaches what to decline. As one
class with them two of 1,500 requests fewer were right; untaught, strangers' French was declined at .88."""
_SECOND = 0.7
"""Confidence from which a clause asks for something else than the whole turn does."""


@dataclass(frozen=True)
class Intent:
    """Something the caller wants: a request's or a human-only topic's name, or `PERSON`."""

    name: str
    confidence: float


class Understanding:
    """Reads turns for one playbook; one for all its calls.

    Args:
        playbook: its examples teach it, its `understood` threshold bounds it.
        encoders: without any it goes by the words alone.
        shelf: where what the examples taught is kept; None learns it anew, which takes seconds.

    Attributes:
        asking: tells who asks for a person.
    """

    def __init__(
        self, playbook: Playbook, encoders: Encoders = NO_ENCODERS, shelf: Shelf | None = None
    ) -> None:
        self._threshold = playbook.thresholds.understood
        self.asking = Asking(playbook, encoders.multilingual, shelf)
        self._classifiers = {
            language: _classifier(playbook, language, encoders, shelf) for language in playbook.languages
        }

    def read(self, words: str, language: Language) -> tuple[Intent, ...]:
        """Return what the turn asks for, in the order said; nothing where the line knows none of it."""
        classifier = self._classifiers[language]
        parts = [sentence(view, language) for view in views(words, language)]
        whole, *leanings = classifier.leanings(parts)
        [confidences] = classifier.confidences(parts[:1], whole[None])
        best = int(confidences.argmax())
        name, sure = classifier.labels[best], float(confidences[best])
        found: dict[str, float] = {}
        for said, confidence in _clauses(classifier, parts[1:], leanings, name, sure):
            if confidence >= (self._threshold if said == name else max(self._threshold, _SECOND)):
                found[said] = max(found.get(said, 0.0), confidence)
        if sure >= self._threshold and (not found or name in found):
            found[name] = max(found.get(name, 0.0), sure)
        found.pop(_MENTION, None)
        found.pop(PERSON, None)
        if (asks := self.asking.chance(words, language)) >= ASKS:
            found[PERSON] = asks
        return tuple(Intent(name, round(confidence, 3)) for name, confidence in found.items())


def _clauses(
    classifier: Classifier, clauses: Sequence[Sentence], leanings: Sequence[Floats], name: str, sure: float
) -> Iterator[tuple[str, float]]:
    """Yield what each clause asks for; only those that lean to something else than the whole are read."""
    for clause, row in zip(clauses, leanings, strict=True):
        leaning = _leaning(classifier, row)
        if leaning == name:
            yield name, sure
        elif leaning is not None:
            [confidences] = classifier.confidences([clause], row[None])
            best = int(confidences.argmax())
            yield classifier.labels[best], float(confidences[best])


def _leaning(classifier: Classifier, row: Floats) -> str | None:
    """Return what scores lean to, None where to none of it."""
    best = int(row.argmax())
    return classifier.labels[best] if best < len(classifier.labels) else None


def _classifier(
    playbook: Playbook, language: Language, encoders: Encoders, shelf: Shelf | None
) -> Classifier:
    examples: list[Sentence] = []
    labels: list[str | None] = []
    for text, label in _examples(playbook, language):
        examples.append(sentence(text, language))
        labels.append(label)
    return Classifier(examples, labels, encoders, shelf)


def _examples(playbook: Playbook, language: Language) -> Iterator[tuple[str, str | None]]:
    for name, part in playbook.taught.items():
        yield from ((text, name) for text in part.examples[language])
    yield from ((text, None) for text in playbook.elsewhere.get(language, ()))
    if playbook.asking:
        yield from ((text, PERSON) for text in playbook.asking.asks.get(language, ()))
        yield from ((text, _MENTION) for text in playbook.asking.mentions.get(language, ()))


def sentence(text: str, language: str) -> Sentence:
    """Return a caller's or an example's words with their English gloss."""
    return Sentence(words=text, english=gloss(text) if language == "fr" else text)
