"""Renders calls: `python -m audio_fixtures.render [NAME...]`. The same script gives the same bytes again."""

import hashlib
import json
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from audio_fixtures.script import (
    AGENTS,
    CALLS,
    SCRIPTS,
    Noise,
    Script,
    ScriptError,
    Speaker,
    Turn,
    fingerprint,
    load,
    names,
)
from audio_fixtures.speech import LINE_RATE, NoVoiceError, speak
from audio_fixtures.voicing import Audio, coloured_noise
from telephony.legs import mulaw


@dataclass(frozen=True)
class Side:
    """One party on a call: 8 kHz audio, full scale at 1.0, and what happens when, in seconds."""

    audio: Audio
    dtmf: tuple[tuple[float, str], ...]
    hang_up_at: float | None
    lines: tuple[tuple[float, float, str], ...]


def perform(turns: Sequence[Turn], speaker: Speaker, noise: Noise, seed: int) -> Side:
    """Return a party's part as it sounds on the line. Raises `NoVoiceError`."""
    parts: list[Audio] = []
    dtmf: list[tuple[float, str]] = []
    lines: list[tuple[float, float, str]] = []
    hang_up_at: float | None = None
    samples = 0
    for turn in turns:
        audio = np.zeros(0)
        if turn.wait is not None:
            audio = np.zeros(round(turn.wait * LINE_RATE))
        elif turn.say is not None:
            whole = speak(turn.say, turn.how, speaker)
            audio = whole[: round(len(whole) * turn.until)]
            lines.append((samples / LINE_RATE, (samples + len(audio)) / LINE_RATE, turn.say))
        elif turn.press is not None:
            dtmf.append((samples / LINE_RATE, turn.press))
        else:
            hang_up_at = samples / LINE_RATE
        parts.append(audio)
        samples += len(audio)
    hiss = coloured_noise(samples, LINE_RATE, noise.level, noise.colour, seed)
    return Side(np.concatenate(parts) + hiss, tuple(dtmf), hang_up_at, tuple(lines))


def write(
    name: str, script: Script, scripts: Path = SCRIPTS, calls: Path = CALLS, agents: Path = AGENTS
) -> Side:
    """Render a script into `calls/NAME.wav`, `calls/NAME.json` and, where one speaks, `agents/NAME.wav`.

    Returns:
        The caller's side.

    Raises:
        NoVoiceError: Piper or its voice is not installed.
    """
    caller = perform(script.turns, script.caller, script.noise, script.seed)
    story = {
        "script_sha256": fingerprint(name, scripts),
        "audio_sha256": _save(calls / f"{name}.wav", caller.audio),
        "caller": script.caller.number,
        "duration": round(len(caller.audio) / LINE_RATE, 3),
        "dtmf": [{"at": round(at, 3), "digit": digit} for at, digit in caller.dtmf],
        "hang_up_at": None if caller.hang_up_at is None else round(caller.hang_up_at, 3),
        "lines": _lines(caller),
    }
    if script.agent is not None:
        agent = perform(script.agent.turns, script.agent, script.noise, script.seed + 1)
        story["agent_audio_sha256"] = _save(agents / f"{name}.wav", agent.audio)
        story["agent_lines"] = _lines(agent)
    (calls / f"{name}.json").write_text(json.dumps(story, indent=2) + "\n", encoding="utf-8")
    return caller


def _lines(side: Side) -> list[dict[str, float | str]]:
    return [{"start": round(a, 3), "end": round(b, 3), "text": text} for a, b, text in side.lines]


def _save(path: Path, audio: Audio) -> str:
    """Write 16-bit samples that went through mu-law, as a carrier delivers them; return the SHA-256."""
    linear = np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(LINE_RATE)
        file.writeframes(mulaw.decode(mulaw.encode(linear)).astype("<i2").tobytes())
    return hashlib.sha256(path.read_bytes()).hexdigest()


@click.command()
@click.argument("wanted", nargs=-1, metavar="[NAME]...")
def main(wanted: tuple[str, ...]) -> None:
    """Render the named calls, or all of them."""
    try:
        for name in wanted or names():
            call = write(name, load(name))
            click.echo(f"{name}: {len(call.audio) / LINE_RATE:.1f} s, {len(call.lines)} lines")
    except (ScriptError, NoVoiceError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
