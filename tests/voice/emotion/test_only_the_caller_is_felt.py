"""Nobody but the caller can be felt: by the types, and because only the ear makes what they ask for."""

import ast
import inspect
import typing
from pathlib import Path
from types import NoneType

import numpy as np
import pytest
from mypy import api

import voice
from voice.dialogue import cast
from voice.emotion import anger, encoder, frames, prosody, turn_voice
from voice.emotion.speech import CallerSpeech
from voice.journal.events import Felt

PACKAGE = Path(voice.__file__).parent
MAKERS = {"hearing/listening.py", "emotion/corpus.py", "emotion/speech.py"}
"""The ear, from the caller's track; recordings for training and evaluation; a part of itself."""


def test_only_the_ear_makes_callers_speech() -> None:
    makers = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("CallerSpeech"):
                makers.add(path.relative_to(PACKAGE).as_posix())
    assert makers <= MAKERS


def test_the_ear_makes_it_from_the_callers_clip_alone() -> None:
    source = ast.parse((PACKAGE / "hearing/listening.py").read_text(encoding="utf-8"))
    choices = [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.IfExp) and "CallerSpeech(" in ast.unparse(node.body)
    ]
    calls = [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and "CallerSpeech" in ast.unparse(node.func)
    ]
    assert len(choices) == len(calls) == 1
    assert "who == 'caller'" in ast.unparse(choices[0].test)


ENTRANCES = (
    (anger.AngerMeter, "feel"),
    (anger.AngerMeter, "measure"),
    (turn_voice.TurnVoice, "measure"),
    (turn_voice.EncoderView, "states"),
    (encoder.EncoderLayer, "states"),
    (prosody, "measure"),
    (frames, "cut"),
)


@pytest.mark.parametrize(("owner", "name"), ENTRANCES)
def test_every_entrance_takes_callers_speech(owner: typing.Any, name: str) -> None:
    entrance = getattr(owner, name)
    first = next(name for name in inspect.signature(entrance).parameters if name != "self")
    assert typing.get_type_hints(entrance)[first] is CallerSpeech


@pytest.mark.parametrize("meter", [anger.AngerMeter, cast.Feels, turn_voice.TurnVoice])
def test_a_meter_has_no_other_entrance(meter: type) -> None:
    """What else it takes is words, or what has been measured of the caller's speech."""
    methods = {name: value for name, value in vars(meter).items() if inspect.isfunction(value)}
    public = {name: value for name, value in methods.items() if not name.startswith("_")}
    space = {**vars(inspect.getmodule(meter)), **vars(anger), "Felt": Felt}
    taken = {
        kind
        for method in public.values()
        for parameter, kind in typing.get_type_hints(method, globalns=space).items()
        if parameter != "return"
    }
    assert taken <= {CallerSpeech, anger.Measures, anger.Wording, str, float, NoneType}
    assert CallerSpeech in taken


def test_only_callers_speech_is_ever_measured() -> None:
    """Whoever makes `Measures`, which a meter weighs, makes them of the speech they hold."""
    makers = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Measures":
                makers.add((path.relative_to(PACKAGE).as_posix(), ast.unparse(node.args[0])))
    assert makers == {("emotion/anger.py", "speech"), ("emotion/turn_voice.py", "speech")}
    assert typing.get_type_hints(anger.Measures)["speech"] is CallerSpeech


def test_callers_speech_cannot_be_changed_into_anything_else() -> None:
    speech = CallerSpeech(np.zeros(16, dtype=np.float32), 0.0, 0.001)
    with pytest.raises(AttributeError):
        speech.samples = np.ones(16, dtype=np.float32)  # type: ignore[misc]  # what is tested


def test_the_type_checker_refuses_an_agents_audio(tmp_path: Path) -> None:
    misuse = tmp_path / "misuse.py"
    wrong = [
        f"{call}({sound}{more})"
        for call, more in (
            ("meter.feel", ", 'hello', 'en', 1.0"),
            ("meter.measure", ""),
            ("turn.measure", ""),
            ("layer.states", ""),
            ("prosody.measure", ""),
            ("frames.cut", ""),
        )
        for sound in ("agent", "agent.samples", "agent.samples.tobytes()")
    ]
    lines = [
        "from numpy import float32",
        "from numpy.typing import NDArray",
        "from voice.emotion import frames, prosody",
        "from voice.emotion.anger import AngerMeter",
        "from voice.emotion.encoder import EncoderLayer",
        "from voice.emotion.turn_voice import TurnVoice",
        "class AgentSpeech:",
        "    samples: NDArray[float32]",
        "    start: float",
        "    end: float",
        "def wrong(meter: AngerMeter, turn: TurnVoice, layer: EncoderLayer, agent: AgentSpeech) -> None:",
        *(f"    {line}" for line in wrong),
    ]
    misuse.write_text("\n".join(lines), encoding="utf-8")
    report, _, _ = api.run(["--follow-imports=silent", str(misuse)])
    refused = [
        line
        for line in report.splitlines()
        if "misuse.py" in line and 'expected "CallerSpeech"' in line and "Argument 1 to" in line
    ]
    assert len(refused) == len(wrong), report
