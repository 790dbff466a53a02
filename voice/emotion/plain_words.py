"""Signs of anger in plain words, in the languages agents read."""

from collections.abc import Sequence

from voice.journal.events import Sign
from voice.language_tag import code

_MANNERS = {
    "en": {
        "harder": "harder",
        "higher": "higher",
        "livelier": "with a voice that jumps more",
        "flatter": "with a flatter voice",
        "faster": "faster",
        "slower": "slower",
        "sharper": "with sharper attacks",
        "fewer_pauses": "with fewer pauses",
        "tenser": "with a tenser voice",
    },
    "fr": {
        "harder": "plus fort",
        "higher": "plus haut",
        "livelier": "d'une voix plus agitée",
        "flatter": "d'une voix plus monocorde",
        "faster": "plus vite",
        "slower": "plus lentement",
        "sharper": "en attaquant plus sèchement",
        "fewer_pauses": "avec moins de pauses",
        "tenser": "d'une voix plus tendue",
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
        "said": 'said: "{words}"',
    },
    "fr": {
        "noisy": "trop de bruit pour juger de la voix",
        "calmer": "plus calme depuis les excuses",
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
