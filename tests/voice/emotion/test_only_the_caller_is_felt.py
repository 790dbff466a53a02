"""Nobody but the caller can be felt: by the types, and because only the ear makes what they ask for."""

import ast
import inspect
import typing
from pathlib import Path

import numpy as np
import pytest
from mypy import api

import voice
from voice.emotion import anger, frames, prosody
from voice.emotion.speech import CallerSpeech

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


@pytest.mark.parametrize("entrance", [anger.AngerMeter.feel, prosody.measure, frames.cut])
def test_every_entrance_takes_callers_speech(entrance: typing.Any) -> None:
    taken = typing.get_type_hints(entrance)
    first = next(name for name in inspect.signature(entrance).parameters if name != "self")
    assert taken[first] is CallerSpeech


def test_callers_speech_cannot_be_changed_into_anything_else() -> None:
    speech = CallerSpeech(np.zeros(16, dtype=np.float32), 0.0, 0.001)
    with pytest.raises(AttributeError):
        speech.samples = np.ones(16, dtype=np.float32)  # type: ignore[misc]  # what is tested


def test_the_type_checker_refuses_an_agents_audio(tmp_path: Path) -> None:
    misuse = tmp_path / "misuse.py"
    misuse.write_text(
        "from numpy import float32\n"
        "from numpy.typing import NDArray\n"
        "from voice.emotion.anger import AngerMeter\n"
        "class AgentSpeech:\n"
        "    samples: NDArray[float32]\n"
        "    start: float\n"
        "    end: float\n"
        "def wrong(meter: AngerMeter, agent: AgentSpeech) -> None:\n"
        "    meter.feel(agent, 'hello', 'en', 1.0)\n"
        "    meter.feel(agent.samples, 'hello', 'en', 1.0)\n",
        encoding="utf-8",
    )
    report, _, _ = api.run(["--follow-imports=silent", str(misuse)])
    lines = [line for line in report.splitlines() if str(misuse) in line or "misuse.py" in line]
    refused = [
        line for line in lines if 'Argument 1 to "feel" of "AngerMeter"' in line and "CallerSpeech" in line
    ]
    assert len(refused) == 2, report
