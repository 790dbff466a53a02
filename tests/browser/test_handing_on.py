"""Handing a call on, in two real browsers at a real exchange: to a colleague, then to a skill."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, expect

from telephony.calls.session import Session
from telephony.desk.accounts import Accounts
from telephony.desk.api import routes
from telephony.takeover.phases import Phase
from telephony.takeover.queue import Profile
from tests.browser.conftest import Tab, open_tab
from tests.desk_stand_in import CHEAP, PASSWORD, served
from tests.exchange_hall import Hall, hall
from voice.journal.events import Brief, Promised, Statement, Trigger, TriggerKind

ADA, BO = "Ada Lind", "Bo Strand"
ASKED = Trigger(kind=TriggerKind.ASKED, evidence='said: "a person"', t=1.0)
BRIEF = Brief(
    headline="Kari Holm calls about her refund",
    reason="The caller asked for a person.",
    tried=(Statement(text="answered refund", sources=(-1,)),),
)


@dataclass
class Served:
    """A real exchange whose desk is served."""

    url: str
    place: Hall


@asynccontextmanager
async def served_hall(folder: Path) -> AsyncIterator[Served]:
    async with hall(folder) as place:
        accounts = Accounts(folder, CHEAP)
        for name in (ADA, BO):
            accounts.add(name, PASSWORD)
        async with served(routes(place.settings, place.exchange, place.journal, place.clock, CHEAP)) as url:
            yield Served(url, place)


async def at_desk(browser: Browser, desk: Served, name: str) -> Tab:
    """Sit an agent down, available."""
    tab = await open_tab(browser, desk)
    await tab.sign_in(name=name)
    await expect(tab.page.locator("#link")).to_have_text("Connected")
    await tab.page.get_by_role("switch").click()
    await expect(tab.page.get_by_role("heading", name="You are available")).to_be_visible()
    return tab


async def take(tab: Tab, session: Session, place: Hall) -> None:
    """Take the call that rings, and talk."""
    await tab.page.get_by_role("button", name=re.compile("Accept")).click()
    await place.until(lambda: session.call.phase in (Phase.BRIEFING, Phase.BRIDGED))
    if session.call.phase is Phase.BRIEFING:
        await tab.page.keyboard.press("s")
    await expect(tab.page.get_by_text("You are talking")).to_be_visible()


async def test_a_call_is_handed_to_a_colleague_and_on_to_a_skill_and_its_brief_grows(
    browser: Browser, tmp_path: Path
) -> None:
    async with served_hall(tmp_path) as desk:
        place = desk.place
        ada = await at_desk(browser, desk, ADA)
        bo = await at_desk(browser, desk, BO)
        _, session = place.ring()
        link = await place.worker.link()
        await link.journal(Promised(text="A payout within five days", clause="refunds-2"), 1.0)
        await link.take_over(ASKED, brief=BRIEF)
        await take(ada, session, place)

        await ada.page.keyboard.press("p")
        await ada.page.locator("#panel select").select_option(BO)
        await ada.page.get_by_label("What they should know").fill("She needs the money for her rent.")
        await ada.page.get_by_role("button", name="Pass on", exact=True).click()
        await expect(ada.page.get_by_text("You passed the call on.").first).to_be_visible()
        brief = bo.page.locator("#brief")
        for text in (
            BRIEF.headline,
            f"Handed on by {ADA}: She needs the money for her rent.",
            "answered refund",
        ):
            await expect(brief).to_contain_text(text)
        await expect(brief).to_contain_text("A payout within five days")
        await take(bo, session, place)

        cards = place.seat("Dan", profile=Profile(skills=frozenset({"cards"})))
        refunds = place.seat("Cleo", profile=Profile(skills=frozenset({"refunds"})))
        await bo.page.keyboard.press("p")
        await bo.page.get_by_label("Skill").fill("refunds")
        await bo.page.get_by_label("What they should know").fill("Pay it out today.")
        await bo.page.get_by_role("button", name="Pass on", exact=True).click()
        await place.until(lambda: bool(refunds.offers))
        assert not cards.offers
        assert session.call.agent == "Cleo"
        told = refunds.offers[0].brief
        assert told is not None
        assert told.headline == BRIEF.headline
        assert told.reason == f"Handed on by {BO}: Pay it out today."
        assert [one.text for one in told.tried] == [
            "answered refund",
            f"Handed on by {ADA}: She needs the money for her rent",
            f"Handed on by {BO}: Pay it out today",
        ]
        assert session.call.phase is Phase.OFFERED
        for tab in (ada, bo):
            await expect(tab.page.get_by_role("heading", name="You are available")).to_be_visible()
            assert tab.complaints == []
            await tab.page.context.close()
