"""Renders calls: `python -m audio_fixtures.render [NAME...]`. The same script gives the same bytes again."""

import hashlib
import json
import wave
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from audio_fixtures.script import CALLS, SCRIPTS, Script, ScriptError, fingerprint, load, names
from audio_fixtures.speech import LINE_RATE, NoVoiceError, speak
from audio_fixtures.voicing import Audio, coloured_noise


@dataclass(frozen=True)
class Call:
    """A rendered call: 8 kHz audio, full scale at 1.0, and what happens when, in seconds from its start."""

    audio: Audio
    dtmf: tuple[tuple[float, str], ...]
    hang_up_at: float | None
    lines: tuple[tuple[float, float, str], ...]


def perform(script: Script) -> Call:
    """Return the script as it sounds on the line. Raises `NoVoiceError`."""
    parts: list[Audio] = []
    dtmf: list[tuple[float, str]] = []
    lines: list[tuple[float, float, str]] = []
    hang_up_at: float | None = None
    samples = 0
    for turn in script.turns:
        audio = np.zeros(0)
        if turn.wait is not None:
            audio = np.zeros(round(turn.wait * LINE_RATE))
        elif turn.say is not None:
            whole = speak(turn.say, turn.how, script.caller)
            audio = whole[: round(len(whole) * turn.until)]
            lines.append((samples / LINE_RATE, (samples + len(audio)) / LINE_RATE, turn.say))
        elif turn.press is not None:
            dtmf.append((samples / LINE_RATE, turn.press))
        else:
            hang_up_at = samples / LINE_RATE
        parts.append(audio)
        samples += len(audio)
    noise = coloured_noise(samples, LINE_RATE, script.noise.level, script.noise.colour, script.seed)
    return Call(np.concatenate(parts) + noise, tuple(dtmf), hang_up_at, tuple(lines))


def write(name: str, script: Script, scripts: Path = SCRIPTS, calls: Path = CALLS) -> Call:
    """Render a script into `NAME.wav` and `NAME.json`. Raises `NoVoiceError`."""
    call = perform(script)
    with wave.open(str(calls / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(LINE_RATE)
        file.writeframes(through_companding(call.audio).astype("<i2").tobytes())
    story = {
        "script_sha256": fingerprint(name, scripts),
        "audio_sha256": hashlib.sha256((calls / f"{name}.wav").read_bytes()).hexdigest(),
        "caller": script.caller.number,
        "duration": round(len(call.audio) / LINE_RATE, 3),
        "dtmf": [{"at": round(at, 3), "digit": digit} for at, digit in call.dtmf],
        "hang_up_at": None if call.hang_up_at is None else round(call.hang_up_at, 3),
        "lines": [{"start": round(a, 3), "end": round(b, 3), "text": text} for a, b, text in call.lines],
    }
    (calls / f"{name}.json").write_text(json.dumps(story, indent=2) + "\n", encoding="utf-8")
    return call


def through_companding(audio: Audio) -> Audio:
    """Return 16-bit samples after mu-law and back (ITU-T G.711): as a carrier delivers; it packs better."""
    magnitude = np.minimum(np.abs(audio) * 32768, 32635).astype(np.int64) + 132
    segment = np.floor(np.log2(magnitude)).astype(np.int64) - 7
    step = 1 << (segment + 3)
    return np.asarray(np.sign(audio) * (magnitude // step * step + step // 2 - 132), dtype=float)


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
