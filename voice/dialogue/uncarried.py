"""What a playbook's sentences commit to without a clause that carries it: they are not said on a call."""

from collections.abc import Iterator
from datetime import date

from voice.dialogue.guardrails import judge
from voice.dialogue.playbook import Playbook, placeholders
from voice.dialogue.saying import fill, in_sentences
from voice.dialogue.sentences import OF_PROMISES
from voice.dialogue.unanswered import sayings
from voice.yaml_file import Location

_ANY_DAY = date(2026, 3, 2)


def uncarried(book: Playbook) -> Iterator[tuple[Location, str]]:
    """Yield where each such sentence stands, and what to do; facts are filled in with samples."""
    clauses = {language: book.clauses_in(language) for language in book.languages}
    for location, text, facts in sayings(book):
        if location[0] == "sentences" and location[1] in OF_PROMISES:
            continue
        for language in book.languages:
            for place, wording in enumerate(text[language]):
                if not placeholders(wording) <= facts.keys():
                    continue  # told elsewhere
                for sentence in in_sentences(fill(wording, facts, language, _ANY_DAY)):
                    verdict = judge(sentence, language, facts, clauses[language], _ANY_DAY, own=True)
                    if not verdict.allowed:
                        yield (
                            (*location, language, place),
                            f'"{sentence}" would not be said, {verdict.why}: '
                            "write a clause into policy.yaml that says it, or leave it out",
                        )
