"""What calls left behind goes when its time is up."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from telephony.calls import retention
from voice.journal.clock import LoopClock
from voice.journal.events import Entry, Felt
from voice.journal.store import SqliteJournal

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def felt(call: str, at: datetime) -> Entry:
    return Entry(
        call=call,
        seq=1,
        t=1.0,
        at=at,
        event=Felt(anger=0.9, voice=0.8, wording=0.0, why=(), start=0.0, end=1.0),
    )


@pytest.fixture
def kept(tmp_path: Path) -> tuple[SqliteJournal, Path]:
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    for call, days in (("old", 31), ("new", 29)):
        journal.write(felt(call, NOW - timedelta(days=days)))
        (recordings / f"{call}.wav").write_bytes(b"RIFF")
    return journal, recordings


def test_feelings_and_recordings_go_with_the_call(kept: tuple[SqliteJournal, Path]) -> None:
    journal, recordings = kept
    assert retention.forget(journal, recordings, NOW - timedelta(days=30)) == 1
    assert journal.read("old") == []
    assert len(journal.read("new")) == 1
    assert [file.name for file in recordings.iterdir()] == ["new.wav"]
    journal.close()


def test_a_recording_without_a_call_goes_by_its_date(kept: tuple[SqliteJournal, Path]) -> None:
    journal, recordings = kept
    stray = recordings / "stray.wav"
    stray.write_bytes(b"RIFF")
    old = (NOW - timedelta(days=40)).timestamp()
    os.utime(stray, (old, old))
    retention.forget(journal, recordings, NOW - timedelta(days=30))
    assert not stray.exists()
    journal.close()


class Asked:
    """A journal that notes when it is asked to forget, and fails the first time."""

    def __init__(self) -> None:
        self.times: asyncio.Queue[datetime] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._failed = False

    def forget(self, before: datetime) -> list[str]:
        self._loop.call_soon_threadsafe(self.times.put_nowait, before)
        if not self._failed:
            self._failed = True
            raise OSError("the disk is full")
        return []


async def test_it_is_done_at_once_and_again_even_where_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "EVERY_SECONDS", 0.01)
    journal = Asked()
    work = asyncio.create_task(retention.forget_in_time(journal, tmp_path, 30, LoopClock(NOW)))
    for _ in range(3):
        before = await journal.times.get()
        assert timedelta() <= before - (NOW - timedelta(days=30)) < timedelta(minutes=1)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
