"""Renders calls: `python -m audio_fixtures.render [NAME...]`. The same script gives the same bytes again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
import numpy as np

from audio_fixtures.recording import Key, Recording, Spoken
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
from voice import wave_file


@dataclass(frozen=True)
class Side:
    """One party on a call: 8 kHz audio, full scale at 1.0, and what happens when, in seconds."""

    audio: Audio
    dtmf: tuple[Key, ...]
    person_from: float | None
    """When the words for a person begin."""
    hang_up_at: float | None
    lines: tuple[Spoken, ...]


def perform(turns: Sequence[Turn], speaker: Speaker, noise: Noise, seed: int) -> Side:
    """Return a party's part as it sounds on the line. Raises `NoVoiceError`."""
    parts: list[Audio] = []
    dtmf: list[Key] = []
    lines: list[Spoken] = []
    person_from: float | None = None
    hang_up_at: float | None = None
    samples = 0
    for turn in turns:
        audio = np.zeros(round((turn.wait or turn.wait_for_person or 0.0) * LINE_RATE))
        if turn.say is not None:
            whole = speak(turn.say, turn.how, speaker)
            audio = whole[: round(len(whole) * turn.until)]
            lines.append(Spoken(start=_seconds(samples), end=_seconds(samples + len(audio)), text=turn.say))
        elif turn.press is not None:
            dtmf.append(Key(at=_seconds(samples), digit=turn.press))
        elif turn.hang_up:
            hang_up_at = _seconds(samples)
        parts.append(audio)
        samples += len(audio)
        if turn.wait_for_person is not None:
            person_from = _seconds(samples)
    hiss = coloured_noise(samples, LINE_RATE, noise.level, noise.colour, seed)
    return Side(np.concatenate(parts) + hiss, tuple(dtmf), person_from, hang_up_at, tuple(lines))


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
    recording = Recording(
        script_sha256=fingerprint(name, scripts),
        audio_sha256=_save(calls / f"{name}.wav", caller.audio),
        caller=script.caller.number,
        duration=_seconds(len(caller.audio)),
        dtmf=caller.dtmf,
        person_from=caller.person_from,
        hang_up_at=caller.hang_up_at,
        lines=caller.lines,
    )
    if script.agent is not None:
        agent = perform(script.agent.turns, script.agent, script.noise, script.seed + 1)
        recording = msgspec.structs.replace(
            recording, agent_audio_sha256=_save(agents / f"{name}.wav", agent.audio), agent_lines=agent.lines
        )
    (calls / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(recording)) + b"\n")
    return caller


def _seconds(samples: int) -> float:
    return round(samples / LINE_RATE, 3)


def _save(path: Path, audio: Audio) -> str:
    """Write 16-bit samples that went through mu-law, as a carrier delivers them; return the SHA-256."""
    linear = np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16)
    wave_file.write(path, mulaw.decode(mulaw.encode(linear)), LINE_RATE)
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
