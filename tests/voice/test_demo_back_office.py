from datetime import date
from pathlib import Path

import pytest

from voice.dialogue.back_office import BackOfficeError, Inquiry, UnknownCallerError
from voice.dialogue.demo_back_office import SEED, DemoBackOffice

FJORD_PAY = Path("playbooks/fjord-pay")
TODAY = date(2026, 3, 2)


def inquiry(look_up: str, caller: str = "+4740000001") -> Inquiry:
    return Inquiry(look_up=look_up, caller=caller, today=TODAY)


@pytest.fixture
def office(tmp_path: Path) -> DemoBackOffice:
    return DemoBackOffice(FJORD_PAY, tmp_path / "new" / "demo.sqlite")


async def test_open_instalments_add_up(office: DemoBackOffice) -> None:
    found = await office.look_up(inquiry("balance"))
    assert (found.outcome, found.facts) == ("due", {"name": "Ingrid Solheim", "balance_due": "91.00 EUR"})
    assert (await office.look_up(inquiry("balance", "+4740000004"))).outcome == "nothing_due"


async def test_the_next_payment_is_the_earliest_open_one(office: DemoBackOffice) -> None:
    found = await office.look_up(inquiry("next_payment"))
    assert (found.outcome, found.facts["next_date"]) == ("due", "2026-03-07")
    assert (await office.look_up(inquiry("next_payment", "+4740000004"))).outcome == "none"


@pytest.mark.parametrize(("phone", "outcome"), [("2", "returned"), ("7", "sent"), ("1", "none")])
async def test_refunds(office: DemoBackOffice, phone: str, outcome: str) -> None:
    assert (await office.look_up(inquiry("refund", f"+474000000{phone}"))).outcome == outcome


async def test_a_stranger_has_no_account(office: DemoBackOffice) -> None:
    with pytest.raises(UnknownCallerError):
        await office.look_up(inquiry("balance", "+4711111111"))


async def test_a_call_it_does_not_have(office: DemoBackOffice) -> None:
    with pytest.raises(BackOfficeError, match="no call horoscope"):
        await office.look_up(inquiry("horoscope"))


async def test_a_database_that_is_none(office: DemoBackOffice, tmp_path: Path) -> None:
    (tmp_path / "new" / "demo.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 30)
    with pytest.raises(BackOfficeError, match="cannot be read"):
        await office.look_up(inquiry("balance"))


async def test_a_changed_seed_is_taken_over(tmp_path: Path) -> None:
    database = tmp_path / "demo.sqlite"
    seed = tmp_path / SEED
    seed.write_text('- {name: A, phone: "+471"}\n', encoding="utf-8")
    DemoBackOffice(tmp_path, database)
    seed.write_text('- {name: B, phone: "+471"}\n', encoding="utf-8")
    found = await DemoBackOffice(tmp_path, database).look_up(inquiry("balance", "+471"))
    assert found.facts["name"] == "B"
