"""The recording: what is where, and that the file is a WAV at any time."""

import asyncio
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from telephony.calls.recorder import BACKLOG_SECONDS, Recorder, Tape
from telephony.legs.mulaw import SILENCE_BYTE

FRAME = 160


def channels(stereo: bytes) -> tuple[bytes, bytes]:
    both = np.frombuffer(stereo, np.uint8).reshape(-1, 2)
    return both[:, 0].tobytes(), both[:, 1].tobytes()


def test_both_voices_stand_where_they_were_heard() -> None:
    tape = Tape()
    tape.caller(b"\x01" * FRAME, 1.02)
    tape.heard(b"\x02" * FRAME, 2.0)
    caller, heard = channels(tape.take(3.0))
    assert len(caller) == len(heard) == 24_000
    assert caller[8000 : 8000 + FRAME] == b"\x01" * FRAME
    assert heard[16_000 : 16_000 + FRAME] == b"\x02" * FRAME
    assert caller.count(SILENCE_BYTE) == heard.count(SILENCE_BYTE) == 24_000 - FRAME


def test_frames_that_jitter_join_without_a_gap() -> None:
    tape = Tape()
    for number, late in enumerate((0.0, 0.05, 0.0, 0.1, 0.02)):
        tape.caller(bytes([number]) * FRAME, 0.02 * (number + 1) + late)
    caller, _ = channels(tape.take(0.1))
    assert caller == b"".join(bytes([number]) * FRAME for number in range(5))


def test_what_was_cleared_was_not_heard() -> None:
    tape = Tape()
    tape.heard(b"\x02" * 8000, 0.0)
    tape.cut(0.5)
    tape.heard(b"\x03" * 800, 0.6)
    _, heard = channels(tape.take(1.0))
    silence = bytes([SILENCE_BYTE])
    assert heard == b"\x02" * 4000 + silence * 800 + b"\x03" * 800 + silence * 2400


def test_a_disk_that_takes_nothing_costs_bounded_memory() -> None:
    tape = Tape()
    for second in range(round(BACKLOG_SECONDS) + 60):
        tape.caller(b"\x01" * 8000, second + 1.0)
    caller, _ = channels(tape.take(BACKLOG_SECONDS + 60))
    assert caller.rstrip(bytes([SILENCE_BYTE])) == b"\x01" * round((BACKLOG_SECONDS + 1) * 8000)


@given(st.lists(st.floats(0, 20), min_size=1, max_size=8).map(sorted), st.floats(20, 30))
def test_pieces_taken_at_any_time_make_one_whole(times: list[float], end: float) -> None:
    whole, cut = Tape(), Tape()
    for tape in (whole, cut):
        tape.caller(b"\x01" * FRAME, 5.0)
        tape.heard(b"\x02" * 80_000, 3.0)
    pieces = b"".join(cut.take(t) for t in times) + cut.take(end)
    assert pieces == whole.take(end)


def read_wav(path: Path) -> NDArray[np.uint8]:
    data = path.read_bytes()
    assert data[:4] == b"RIFF" and data[8:16] == b"WAVEfmt "
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    assert struct.unpack("<HHIIHH", data[20:36]) == (7, 2, 8000, 16_000, 2, 8)
    assert data[38:42] == b"fact" and data[50:54] == b"data"
    assert struct.unpack("<I", data[54:58])[0] == len(data) - 58
    assert struct.unpack("<I", data[46:50])[0] == (len(data) - 58) // 2
    return np.frombuffer(data[58:], np.uint8).reshape(-1, 2)


@pytest.mark.usefixtures("virtual_time")
async def test_the_file_grows_with_the_call_and_is_whole_at_each_step(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    recorder = Recorder(tmp_path / "deep" / "call.wav", loop.time)
    running = asyncio.create_task(recorder.run())
    recorder.tape.heard(b"\x02" * 80_000, 0.0)
    await asyncio.sleep(5)
    assert 3.0 <= len(read_wav(recorder.path)) / 8000 <= 5.0
    recorder.tape.caller(b"\x01" * FRAME, 5.0)
    recorder.tape.cut(5.5)
    await asyncio.sleep(1)
    recorder.finish()
    await running
    audio = read_wav(recorder.path)
    assert len(audio) == 48_000
    assert np.flatnonzero(audio[:, 0] == 1).tolist() == list(range(40_000 - FRAME, 40_000))
    assert np.flatnonzero(audio[:, 1] == 2).tolist() == list(range(44_000))


@pytest.mark.usefixtures("virtual_time")
async def test_a_folder_that_cannot_be_written_ends_the_recording_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    recorder = Recorder(tmp_path / "file" / "call.wav", asyncio.get_running_loop().time)
    running = asyncio.create_task(recorder.run())
    await asyncio.sleep(10)
    recorder.finish()
    await running
    assert len(caplog.records) == 1
