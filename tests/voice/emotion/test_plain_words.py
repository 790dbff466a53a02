import pytest

from voice.emotion.explanation import explain
from voice.emotion.model import PROSODY, shipped
from voice.emotion.plain_words import plain_words
from voice.emotion.prosody import NAMES
from voice.journal.events import Sign

SIGNS = (
    Sign(kind="harder", than="start", strength=2.0),
    Sign(kind="faster", than="start", strength=1.1),
    Sign(kind="livelier", than="start", strength=0.9),
    Sign(kind="said", words="this is a disgrace"),
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en-GB", "harder, faster and with a voice that jumps more than at the start of the call"),
        ("fr-BE", "plus fort, plus vite et d'une voix plus agitée qu'au début de l'appel"),
        ("de", "harder, faster and with a voice that jumps more than at the start of the call"),
    ],
)
def test_signs_are_worded_in_the_readers_language(language: str, told: str) -> None:
    assert plain_words(SIGNS, language)[0] == told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sign_there_is_can_be_worded(language: str) -> None:
    view = shipped().views[PROSODY]
    for column in range(len(NAMES)):
        for amount in (-20.0, 20.0):
            measured = view.alone.mean.copy()
            measured[column] += amount * view.alone.scale[column]
            signs = explain(view, measured, None)
            assert bool(plain_words(signs, language)) == bool(signs)
    for kind in ("noisy", "calmer", "said"):
        assert len(plain_words([Sign(kind=kind, words="x")], language)) == 1
