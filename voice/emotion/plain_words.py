"""Signs of anger in plain words, in the languages agents read."""

from collections.abc import Sequence

from voice.journal.events import Sign
from voice.language_tag import code

_MANNERS = {
    "en": {
        "harder": "harder",
        "softer": "softer",
        "higher": "higher",
        "lower": "lower",
        "faster": "faster",
        "slower": "slower",
        "rising": "with a melody that rises more",
        "falling": "with a melody that falls more",
        "livelier": "with a voice that jumps more",
        "flatter": "with a flatter voice",
        "sharper": "with sharper attacks",
        "smoother": "with softer attacks",
        "stressed": "with more stress on single words",
        "even": "with less stress on single words",
        "more_pauses": "with more pauses",
        "fewer_pauses": "with fewer pauses",
        "clearer": "with a clearer voice",
        "rougher": "with a rougher voice",
        "articulate": "articulating more",
        "slurred": "articulating less",
        "timbre": "with another timbre",
        "tone": "in an angrier tone",
    },
    "fr": {
        "harder": "plus fort",
        "softer": "plus doucement",
        "higher": "plus haut",
        "lower": "plus bas",
        "faster": "plus vite",
        "slower": "plus lentement",
        "rising": "avec une mélodie plus montante",
        "falling": "avec une mélodie plus descendante",
        "livelier": "d'une voix plus agitée",
        "flatter": "d'une voix plus monocorde",
        "sharper": "en attaquant plus sèchement",
        "smoother": "en attaquant plus doucement",
        "stressed": "en appuyant plus certains mots",
        "even": "en appuyant moins les mots",
        "more_pauses": "avec plus de pauses",
        "fewer_pauses": "avec moins de pauses",
        "clearer": "d'une voix plus claire",
        "rougher": "d'une voix plus rauque",
        "articulate": "en articulant plus",
        "slurred": "en articulant moins",
        "timbre": "avec un autre timbre",
        "tone": "d'un ton plus irrité",
    },
}
_THAN = {
    "en": {"start": "than at the start of the call", "callers": "than most callers"},
    "fr": {"start": "qu'au début de l'appel", "callers": "que la plupart des appelants"},
}
_AND = {"en": "and", "fr": "et"}
_OTHER = {
    "en": {
        "noisy": "too noisy to tell from the voice",
        "calmer": "calmer since the apology",
        "unsettled": "not settled since the turns before",
        "said": 'said: "{words}"',
    },
    "fr": {
        "noisy": "trop de bruit pour juger de la voix",
        "calmer": "plus calme depuis les excuses",
        "unsettled": "pas encore apaisé depuis ses propos précédents",
        "said": "a dit : « {words} »",
    },
}


def plain_words(signs: Sequence[Sign], language: str = "en") -> tuple[str, ...]:
    """Return clauses such as "harder and faster than at the start of the call", English where unknown.

    Args:
        signs: as `Felt` has them.
        language: the reader's, as a tag.
    """
    known = code(language) if code(language) in _THAN else "en"
    manners, clauses = _MANNERS[known], []
    for than, phrase in _THAN[known].items():
        heard = [manners[sign.kind] for sign in signs if sign.than == than and sign.kind in manners]
        if heard:
            clauses.append(f"{_listed(heard, _AND[known])} {phrase}")
    other = _OTHER[known]
    clauses += [other[sign.kind].format(words=sign.words) for sign in signs if sign.kind in other]
    return tuple(clauses)


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
