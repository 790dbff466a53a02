import numpy as np
import pytest

from voice.emotion.explanation import explain
from voice.emotion.model import LAYERS, PROSODY, shipped
from voice.emotion.plain_words import plain_words
from voice.emotion.prosody import NAMES
from voice.emotion.views import Baseline, NamedArrays
from voice.journal.events import Sign

WEIGHTS = dict(zip(NAMES, shipped().views[PROSODY].alone.weights.tolist(), strict=True))
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
    kinds = set()
    for column in range(len(NAMES)):
        for amount in (-20.0, 20.0):
            signs = explain(shipped(), turn({NAMES[column]: amount}), Baseline())
            assert plain_words(signs, language)
            kinds |= {sign.kind for sign in signs}
    assert len(kinds) > 15
    for kind in ("noisy", "calmer", "unsettled", "said"):
        assert len(plain_words([Sign(kind=kind, words="x")], language)) == 1


def turn(moved: dict[str, float]) -> NamedArrays:
    """Return a turn's prosody, so many spreads from the middle of the training voices."""
    view = shipped().views[PROSODY]
    values = view.alone.mean.copy()
    for name, amount in moved.items():
        values[NAMES.index(name)] += amount * view.alone.scale[NAMES.index(name)]
    return {PROSODY: values}


@pytest.mark.parametrize("turns", [0, 2, 5])
def test_what_is_told_adds_up_to_the_score(turns: int) -> None:
    view, rng = shipped().views[PROSODY], np.random.default_rng(turns)
    measured = view.alone.mean + view.alone.scale * rng.normal(0, 1, len(NAMES))
    baseline = Baseline()
    for _ in range(turns):
        baseline.take({PROSODY: view.alone.mean + view.alone.scale * rng.normal(0, 1, len(NAMES))})
    calm = baseline.mean(PROSODY)
    start = view.alone.mean if calm is None else calm
    rise = view.score(measured, calm, turns) - view.score(start, calm, turns)
    assert view.gains(measured, calm, turns).sum() == pytest.approx(rise)


def test_what_moved_the_score_is_told_and_not_what_is_merely_unusual() -> None:
    """A statistic that is far off but hardly counts is not named; one that counts is."""
    strongest = max(WEIGHTS, key=lambda name: abs(WEIGHTS[name]))
    weakest = min(WEIGHTS, key=lambda name: abs(WEIGHTS[name]))
    counts = {strongest: 3 * float(np.sign(WEIGHTS[strongest]))}
    both = {**counts, weakest: 3 * float(np.sign(WEIGHTS[weakest]))}
    told = explain(shipped(), turn(counts), Baseline())
    assert len(told) == 1
    assert [sign.kind for sign in explain(shipped(), turn(both), Baseline())] == [told[0].kind]


def test_where_nothing_but_the_encoder_speaks_for_anger_the_tone_is_named() -> None:
    model = shipped()
    layers = model.views[LAYERS].alone
    measured = {
        **turn({name: -float(np.sign(weight)) for name, weight in WEIGHTS.items()}),
        LAYERS: layers.mean + layers.scale * np.sign(layers.weights),
    }
    (sign,) = explain(model, measured, Baseline())
    assert (sign.kind, sign.than) == ("tone", "callers")
    assert plain_words([sign]) == ("in an angrier tone than most callers",)
    assert plain_words([sign], "fr") == ("d'un ton plus irrité que la plupart des appelants",)
