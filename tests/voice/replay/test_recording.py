import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from voice.replay.recording import UnreadableRecordingError, load


def wav(
    path: Path, samples: bytes, *, code: int = 1, channels: int = 1, rate: int = 8_000, bits: int = 16
) -> str:
    block = channels * bits // 8
    fmt = struct.pack("<HHIIHH", code, channels, rate, rate * block, block, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", len(samples)) + samples
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return str(path)


async def test_a_fixture_brings_its_number_and_its_keys() -> None:
    caller = await load("presses_zero", linger=3.0)
    assert caller.number.startswith("+")
    assert [digit for _, digit in caller.keys] == ["0"]
    assert len(caller.audio) > 8_000
    assert caller.linger == 0.0


async def test_a_fixture_with_an_agent_brings_their_voice() -> None:
    assert len((await load("angry_refund", linger=0.0)).agent) > 8_000


async def test_16_bit_audio_becomes_mu_law(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(np.array([0, 30_000, -30_000], np.int16).tobytes())
    silent, high, low = (await load(str(path), linger=0.0)).audio
    assert silent == 0xFF
    assert (high, low) == (0x82, 0x02)


async def test_of_a_recorded_call_the_left_channel_is_the_caller(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", b"\x01\x7f\x02\x7f\x03\x7f", code=7, channels=2, bits=8)
    assert (await load(path, linger=0.0)).audio == b"\x01\x02\x03"


async def test_a_recording_cut_off_while_it_was_written_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = Path(wav(tmp_path / "a.wav", b"\x01\x7f" * 100, code=7, channels=2, bits=8))
    path.write_bytes(path.read_bytes()[:-51])
    assert (await load(str(path), linger=0.0)).audio == b"\x01" * 74


@pytest.mark.parametrize(
    ("format_", "complaint"),
    [
        ({"rate": 16_000}, "16000 Hz"),
        ({"bits": 8}, "8 bits"),
        ({"channels": 3}, "3 channels"),
        ({"code": 6, "bits": 8}, "convert it"),
    ],
)
async def test_other_formats_are_refused_with_what_to_do(
    tmp_path: Path, format_: dict[str, int], complaint: str
) -> None:
    path = wav(tmp_path / "a.wav", bytes(48), **format_)
    with pytest.raises(UnreadableRecordingError, match=complaint):
        await load(path, linger=0.0)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0", b"x" * 99]
)
async def test_what_is_no_wav_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableRecordingError, match="no WAV"):
        await load(str(path), linger=0.0)


async def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecordingError, match="cannot be read"):
        await load(str(tmp_path / "nowhere.wav"), linger=0.0)
    with pytest.raises(UnreadableRecordingError, match="calm_contained"):
        await load("nobody", linger=0.0)


async def test_a_caller_known_to_hang_up_does_not_stay() -> None:
    assert (await load("hangs_up_mid_sentence", linger=9.0)).linger == 0.0
    assert (await load("calm_contained", linger=9.0)).linger == 9.0


async def test_notes_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", bytes(48))
    (tmp_path / "a.json").write_text('{"caller": 7}')
    with pytest.raises(UnreadableRecordingError, match=r"a\.json"):
        await load(path, linger=0.0)
