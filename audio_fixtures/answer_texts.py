"""What callers answer briefly in English and French, and what else they say at such a moment."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

ANSWERS = {
    "en": {
        "yes": ("yes", "yeah", "yep", "yup", "sure", "okay", "correct", "right"),
        "no": ("no", "nope", "nah"),
    }
    | dict(zip("0123456789", (("zero", "oh"), *((word,) for word in (
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))), strict=True)),
    "fr": {"oui": ("oui", "ouais", "d'accord", "exact"), "non": ("non", "nan")}
    | dict(zip("0123456789", (("zéro",), *((word,) for word in (
        "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"))), strict=True)),
}  # fmt: skip
"""What each answer is said as."""
POLITE = {
    "en": ("yes please", "no thanks", "no no", "yeah yeah", "yes yes", "no thank you", "yes that's right"),
    "fr": (
        "oui oui",
        "non non",
        "oui merci",
        "non merci",
        "oui s'il vous plaît",
        "oui voilà",
        "ah oui",
        "ah non",
    ),
}
"""Yeses and nos of several words."""
GOES_ON = {
    "en": (
        "no I want an agent",
        "yes but wait",
        "no idea",
        "not really",
        "yes and one more thing",
        "no I said nine",
        "yesterday evening",
        "no agent please",
    ),
    "fr": (
        "oui mais attendez",
        "non je veux un conseiller",
        "oui et autre chose",
        "non sept",
        "on y va",
        "oui enfin non",
    ),
}
"""What begins like an answer and is more."""
ASKED = {
    "en": ("yes", "no", "yeah", "yep", "nope", "yes please", "no thanks", "no no", "yeah yeah"),
    "fr": ("oui", "non", "ouais", "oui oui", "oui merci", "non merci", "non non", "oui s'il vous plaît"),
}
"""Yeses and nos of the two parts that measure."""
NOES = frozenset(
    ("no", "nope", "no thanks", "no no", "no thank you", "non", "non merci", "non non", "ah non")
)
OTHERS = {
    "en": (
        "agent", "operator", "human", "a person please", "hello?", "what?", "sorry?", "wait", "maybe", "help",
        "I don't know", "my account", "now", "then", "well", "but", "my refund", "yesterday", "today",
        "monday", "who?", "pardon?", "hang on", "goodbye", "seven", "nine", "one", "address", "invoice",
        "really?", "thanks", "jess", "note", "home", "less", "you", "and", "um", "the card", "not yet",
    ),
    "fr": (
        "conseiller", "un conseiller", "quelqu'un", "aide", "allô ?", "quoi ?", "pardon ?", "attendez",
        "peut-être", "je ne sais pas", "demain", "mon compte", "agent", "hier", "aujourd'hui", "lundi",
        "merci", "comment ?", "bonjour", "huit", "onze", "un", "neuf", "facture", "adresse", "et", "mais",
        "bon", "euh", "le nom", "où ?", "ici", "moi", "une minute", "vraiment ?", "carte",
    ),
}  # fmt: skip
_OTHER_WORDS = Path(__file__).with_name("other_words")


def texts(part: str, language: str) -> Iterator[tuple[str, str, int | None]]:
    """Yield what is said, its value, and by how many voices; None: by all."""
    yes, no = list(ANSWERS[language])[:2]
    if part == "train":
        yield from ((text, no if text in NOES else yes, None) for text in POLITE[language])
        yield from ((text, "", 10) for text in GOES_ON[language])
        for value, words in ANSWERS[language].items():
            yield from ((text, value, None) for text in words)
        yield from (
            (text, "", 2)
            for text in dict.fromkeys((_OTHER_WORDS / f"{language}.txt").read_text(encoding="utf-8").split())
        )
        return
    yield from ((text, no if text in NOES else yes, None) for text in ASKED[language])
    for value, words in islice(ANSWERS[language].items(), 2, None):
        yield words[0], value, None
    yield from ((text, "", 3) for text in OTHERS[language])


def further_words(language: str) -> list[str]:
    """Return words and phrases that are no answers, many of which sound like one; none of `OTHERS`."""
    text = (_OTHER_WORDS / f"further_{language}.txt").read_text(encoding="utf-8")
    return [each.strip() for each in text.replace("\n", " ").split(",")]
