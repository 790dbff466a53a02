"""The back office that a playbook's folder asks for, and the one the documentation shows."""

import shutil
from pathlib import Path

import pytest

from tests.voice.bot_stand_ins import FOLDER, MONDAY
from tests.voice.dialogue.test_http_back_office import Company, company
from voice.dialogue.back_office import Inquiry
from voice.dialogue.demo_back_office import DemoBackOffice
from voice.dialogue.http_back_office import HttpBackOffice
from voice.dialogue.opening_back_office import open_back_office
from voice.dialogue.playbook import Playbook, load
from voice.dialogue.playbook_files import PlaybookError
from voice.yaml_file import Document

__all__ = ["company"]

EXAMPLE = Path("docs/back-office.md")
SECRET = {"FJORD_PAY_TOKEN": "abc"}


def with_the_example(folder: Path, url: str) -> Playbook:
    """Return the shipped playbook with the documented back office at `url`."""
    shutil.copytree(FOLDER, folder / "fjord-pay")
    written = EXAMPLE.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert Document(written).content["url"] in written
    described = written.replace("https://service.example/v1", url)
    (folder / "fjord-pay" / "back-office.yaml").write_text(described, encoding="utf-8")
    return load(folder / "fjord-pay")


def test_a_playbook_without_one_is_answered_by_the_demo(tmp_path: Path) -> None:
    office = open_back_office(load(FOLDER), FOLDER.parent, tmp_path, {})
    assert isinstance(office, DemoBackOffice)


async def test_the_documented_one_answers_and_changes(tmp_path: Path, company: Company) -> None:
    book = with_the_example(tmp_path, company.url)
    office = open_back_office(book, tmp_path, tmp_path, SECRET)
    assert isinstance(office, HttpBackOffice)
    company.answers += [
        (200, {"state": "due", "cents": 9150}),
        (503, {}),
        (200, {"cents": 4550, "due": "2026-03-20"}),
    ]
    try:
        today = MONDAY.date()
        found = await office.look_up(Inquiry("balance", "+4740000001", today))
        assert (found.outcome, found.facts) == ("due", {"balance_due": "91.50 EUR"})
        slots = {"new_date": "2026-03-20"}
        moved = await office.look_up(Inquiry("move_due_date", "+4740000001", today, slots, key="k1"))
        assert (moved.outcome, moved.facts["next_date"]) == ("moved", "2026-03-20")
    finally:
        await office.close()
    assert [headers.get("authorization") for _, _, headers, _ in company.asked] == ["Bearer abc"] * 3
    assert [headers.get("idempotency-key") for _, _, headers, _ in company.asked] == [None, "k1", "k1"]


def test_a_secret_that_is_not_set_is_named(tmp_path: Path) -> None:
    book = with_the_example(tmp_path, "http://127.0.0.1:9/v1")
    with pytest.raises(PlaybookError, match="FJORD_PAY_TOKEN"):
        open_back_office(book, tmp_path, tmp_path, {})
