"""Duty by telephone is kept with the accounts."""

from pathlib import Path

import pytest

from telephony.desk.accounts import AccountError, Accounts
from telephony.desk.by_phone import NO_PHONES, PhoneDuty
from telephony.legs.phones import Phones
from tests.desk_stand_in import CHEAP, NAME, PASSWORD, StandInExchange
from tests.telephony.legs.test_phone_agent import Carrier
from voice.journal.clock import LoopClock

NUMBER = "+4790000001"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    kept = Accounts(tmp_path, CHEAP)
    kept.add(NAME, PASSWORD)
    return kept


def phones(exchange: StandInExchange) -> Phones:
    ringing = Phones(exchange, LoopClock(), lambda: b"")
    ringing.dialler = Carrier()
    return ringing


async def test_it_is_taken_up_again_by_the_next_switchboard(accounts: Accounts) -> None:
    accounts.set_phone(NAME, NUMBER)
    assert await PhoneDuty(accounts, phones(StandInExchange())).begin(NAME) == ""
    assert accounts.on_duty_by_phone() == [NAME]
    after = StandInExchange()
    await PhoneDuty(accounts, phones(after)).resume()
    assert after.reports == [("joined", NAME), ("available", NAME)]


async def test_whoever_went_off_duty_or_to_a_desk_is_not_rung_after_a_restart(accounts: Accounts) -> None:
    accounts.set_phone(NAME, NUMBER)
    exchange = StandInExchange()
    duty = PhoneDuty(accounts, phones(exchange))
    for leave in (duty.end, duty.forget):
        await duty.begin(NAME)
        await leave(NAME)
        assert accounts.on_duty_by_phone() == []


async def test_what_keeps_somebody_from_it_is_said_and_not_kept(accounts: Accounts) -> None:
    assert "no telephone number" in await PhoneDuty(accounts, phones(StandInExchange())).begin(NAME)
    assert await PhoneDuty(accounts, None).begin(NAME) == NO_PHONES
    assert await PhoneDuty(accounts, None).end(NAME) == NO_PHONES
    assert accounts.on_duty_by_phone() == []
    with pytest.raises(AccountError):
        accounts.set_on_duty_by_phone("nobody", True)
