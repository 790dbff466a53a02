"""The journal keeps every entry, in order, and says clearly when it cannot."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voice.journal.events import AnyEvent, CallStarted, Entry, Felt, Pressed
from voice.journal.store import SqliteJournal

START = datetime(2026, 1, 2, 9, tzinfo=UTC)


def entry(call: str, seq: int, event: AnyEvent | None = None) -> Entry:
    return Entry(
        call=call, seq=seq, t=seq / 10, at=START + timedelta(seconds=seq), event=event or Pressed(digit="1")
    )


def started(caller: str) -> CallStarted:
    return CallStarted(
        line="main", caller=caller, called="+44", carrier="twilio", carrier_call="CA1", playbook="fjord-pay"
    )


@pytest.fixture
def journal(tmp_path: Path) -> SqliteJournal:
    return SqliteJournal(tmp_path / "deep" / "journal.sqlite")


def test_entries_come_back_in_order(journal: SqliteJournal) -> None:
    written = [entry("a", seq) for seq in range(1, 400)]
    for one in reversed(written):
        journal.write(one)
    assert journal.read("a") == written
    journal.close()


def test_calls_written_by_several_threads_keep_apart(journal: SqliteJournal) -> None:
    def ring(call: str) -> None:
        for seq in range(1, 101):
            journal.write(entry(call, seq))

    threads = [threading.Thread(target=ring, args=(call,)) for call in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all([one.seq for one in journal.read(call)] == list(range(1, 101)) for call in "abcd")
    journal.close()


def test_another_process_start_finds_what_was_written(tmp_path: Path) -> None:
    first = SqliteJournal(tmp_path / "journal.sqlite")
    first.write(entry("a", 1))
    first.close()
    second = SqliteJournal(tmp_path / "journal.sqlite")
    assert [one.seq for one in second.read("a")] == [1]
    second.close()


def test_the_newest_call_is_listed_first(journal: SqliteJournal) -> None:
    journal.write(entry("old", 1, started("+441")))
    journal.write(entry("new", 2, started("+442")))
    assert [(one.call, one.caller) for one in journal.calls()] == [("new", "+442"), ("old", "+441")]
    journal.close()


def test_an_unknown_call_is_empty(journal: SqliteJournal) -> None:
    assert journal.read("nobody") == []
    journal.close()


def test_a_refused_entry_is_told_to_the_next_writer(journal: SqliteJournal) -> None:
    journal.write(entry("a", 1))
    journal.write(entry("a", 1))
    journal.flush()
    with pytest.raises(OSError, match="can no longer be written"):
        journal.write(entry("a", 2))
    journal.close()


def test_a_folder_that_is_a_file_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").mkdir()
    with pytest.raises(OSError, match="HOOKFLASH_DATA"):
        SqliteJournal(tmp_path / "journal.sqlite")


def test_calls_are_forgotten_with_all_that_was_felt_on_them(journal: SqliteJournal) -> None:
    felt = Felt(anger=0.9, voice=0.8, wording=0.7, why=("louder",), start=1.0, end=2.0)
    for seq in (1, 2):
        journal.write(entry("old", seq, felt))
    journal.write(entry("long", 1, felt))
    journal.write(entry("long", 5000))
    assert journal.forget(START + timedelta(seconds=100)) == ["old"]
    assert journal.read("old") == []
    assert len(journal.read("long")) == 2
    journal.close()
    assert b"louder" in journal.path.read_bytes()
    assert SqliteJournal(journal.path).forget(START + timedelta(seconds=9000)) == ["long"]
    assert b"louder" not in journal.path.read_bytes()
