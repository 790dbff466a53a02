"""Which of the playbook's languages is spoken. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voice.language_tag import code

LANGUAGES = {"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian"}
"""Names that some endpoints give instead of codes; any other language must come as its code."""
OTHER = 0.75
"""Probability, among the languages there are, from which a clip is not in the one that was assumed."""
TURNS = 2
"""Turns in a row in another language before the call goes over to it, once its language is settled."""
FIRST_WORDS = 0.7
"""Seconds of speech that settle a call's language; less is a cough or an "oh"."""


def chosen(probabilities: Mapping[str, float], languages: Sequence[str]) -> str:
    """Return the language a clip is in.

    Args:
        probabilities: the model's, for all languages it knows, by ISO 639-1 code.
        languages: the assumed one, then those it may be instead; no other is considered, because a model
            left free calls a Scot Welsh and "bonjour" Russian.
    """
    shares = {language: probabilities.get(code(language), 0.0) for language in languages}
    likeliest = max(shares, key=shares.__getitem__)
    whole = sum(shares.values())
    return likeliest if whole > 0 and shares[likeliest] / whole >= OTHER else languages[0]


@dataclass
class CallLanguage:
    """The language of one call: the caller's first words say it, and two turns in another one change it.

    Attributes:
        now: of the call.
        others: the playbook's others.
    """

    now: str
    others: tuple[str, ...] = ()
    _settled: bool = False
    _turns: int = 0

    def heard(self, language: str, seconds: float) -> bool:
        """Take in the language of a turn with words, and its length; return whether the call's changed."""
        if code(language) == code(self.now):
            self._turns = 0
            self._settled = self._settled or seconds >= FIRST_WORDS
            return False
        self._turns += 1
        if seconds < FIRST_WORDS or (self._settled and self._turns < TURNS):
            return False
        new = next((other for other in self.others if code(other) == code(language)), None)
        if new is None:
            return False
        self.others = (self.now, *(other for other in self.others if other != new))
        self.now, self._settled, self._turns = new, True, 0
        return True
