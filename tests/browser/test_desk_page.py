"""The desk in a real Chromium, from signing in to wrapping up, with sound both ways."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from playwright.async_api import Browser, expect

from telephony.calls.callbacks import Callback
from telephony.calls.recorder import Recorder
from telephony.calls.recording import recordings
from telephony.legs import mulaw
from telephony.legs.floor import CallSeen
from telephony.legs.leg import AgentLeg, Offer
from tests.browser.conftest import MICROPHONE_TONE, Tab, open_tab
from tests.desk_stand_in import NAME, PASSWORD, Desk, entries, serve_desk
from voice.journal.events import (
    AgentUnsteady,
    Bridged,
    Brief,
    CallStarted,
    CallState,
    Felt,
    Heard,
    Promised,
    Said,
    Statement,
    Suggested,
    Trigger,
    Triggered,
    TriggerKind,
)

CALL = "call-1"
CALLER = "+47 934 10 022"
LINE_TONE = 1000.0
HISTORY = entries(
    CALL,
    (
        0.0,
        CallStarted(
            line="Fjord Pay", caller=CALLER, called="+47", carrier="x", carrier_call="y", playbook="p"
        ),
    ),
    (0.5, Said(text="How can I help?", start=0.5, end=2.0, prompt="greeting")),
    (5.0, Heard(who="caller", text="Where is <b>my money</b>?", start=3.0, end=4.8, confidence=0.9)),
    (5.1, Felt(anger=0.81, voice=0.8, wording=0.8, why=("louder",), start=3.0, end=4.8)),
    (
        5.2,
        Triggered(
            trigger=Trigger(
                kind=TriggerKind.ANGER, evidence="Three loud turns.", t=5.2, score=0.81, threshold=0.7
            )
        ),
    ),
)
BRIEF = Brief(
    headline="Kari wants her refund",
    reason="She has called three times.",
    tried=(Statement(text="Looked up the refund", sources=(3,)),),
    promised=(Statement(text="A payout today"),),
    facts=(Statement(text="Order 48213"),),
    last_words="Where is my money?",
    suggestion="Start the payout now.",
    verified=True,
    anger=0.81,
    feelings=(Statement(text="anger 0.81 at 5 s", sources=(4, 3)),),
)


def ring(desk: Desk) -> AgentLeg:
    leg = desk.exchange.legs[NAME]
    for entry in HISTORY:
        desk.journal.write(entry)
    leg.offer(
        Offer(call=CALL, caller=CALLER, line="Fjord Pay", ring_seconds=20, brief=BRIEF, history=HISTORY)
    )
    leg.state(CALL, CallState.OFFERED)
    return leg


def loudest_hertz(audio: list[bytes]) -> float:
    samples = mulaw.decode(b"".join(audio)).astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * mulaw.SAMPLE_RATE / len(samples))


async def test_signing_in_wrong_and_right_and_out(tab: Tab, desk: Desk) -> None:
    page = tab.page
    await tab.sign_in("a wrong one")
    await expect(page.get_by_role("alert").first).to_have_text("Name and password do not fit.")
    tab.complaints.clear()  # the browser's own line about the refusal
    await tab.sign_in()
    await expect(page.get_by_text(NAME)).to_be_visible()
    await expect(page.locator("#link")).to_have_text("Connected")
    await expect(page.get_by_role("heading", name="You are not available")).to_be_visible()
    await page.reload()
    await expect(page.locator("#link")).to_have_text("Connected")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Password")).to_be_visible()
    await desk.exchange.reported("left", NAME, "signed_out")


async def test_a_link_signs_in_and_leaves_the_address(browser: Browser, desk: Desk) -> None:
    token = desk.accounts.make_link(NAME, datetime.now(UTC))
    tab = await open_tab(browser, desk, f"/desk#link={token}")
    await expect(tab.page.get_by_text(NAME)).to_be_visible()
    assert token not in tab.page.url


async def test_a_call_from_ringing_to_wrap_up(tab: Tab, desk: Desk) -> None:
    page, exchange = tab.page, desk.exchange
    await tab.be_available(desk)
    leg = ring(desk)

    await expect(page.get_by_role("heading", name=CALLER)).to_be_visible()
    await expect(page.get_by_text("Incoming call")).to_be_visible()
    brief = page.locator("#brief")
    for text in ("Kari wants her refund", "three times", "Looked up the refund", "A payout today"):
        await expect(brief).to_contain_text(text)
    for text in (
        "Order 48213",
        "Where is my money?",
        "Start the payout now",
        "Three loud turns",
        "0.81 of 0.70",
    ):
        await expect(brief).to_contain_text(text)
    await expect(page.get_by_role("meter", name="anger")).to_have_attribute("aria-valuenow", "81")
    await page.wait_for_function("window.struck > 0")
    await page.wait_for_function("document.title.includes('☎')")
    transcript = page.get_by_role("log")
    await expect(transcript).to_contain_text("Where is <b>my money</b>?")
    await expect(transcript.locator(".feeling")).to_have_text("Angry 0.81")
    assert exchange.audio == []

    await page.get_by_role("button", name=re.compile("Accept")).click()
    await exchange.reported("accepted", NAME, CALL)
    leg.state(CALL, CallState.BRIEFING)
    await expect(page.get_by_role("button", name=re.compile("Talk now"))).to_be_visible()
    await page.keyboard.press("s")
    await exchange.reported("skipped_brief", NAME, CALL)
    assert exchange.audio == []

    leg.state(CALL, CallState.BRIDGED)
    await expect(page.get_by_text("You are talking")).to_be_visible()
    await exchange.until(lambda: len(exchange.audio) >= 75)
    assert {len(frame) for frame in exchange.audio} == {160}
    assert loudest_hertz(exchange.audio) == pytest.approx(MICROPHONE_TONE, abs=10)
    t = np.arange(3 * mulaw.SAMPLE_RATE) / mulaw.SAMPLE_RATE
    leg.play(mulaw.encode((8000 * np.sin(2 * np.pi * LINE_TONE * t)).astype(np.int16)))

    await page.wait_for_function(
        """(hertz) => {
            const loudest = window.loudest();
            return loudest.level > -40 && Math.abs(loudest.hertz - hertz) < 30;
        }""",
        arg=LINE_TONE,
    )
    for entry in entries(
        CALL, (12.0, Heard(who="agent", text="Hello, Kari.", start=10.0, end=12.0, confidence=0.9)), first=20
    ):
        leg.show(entry)
    await expect(transcript).to_contain_text("Hello, Kari.")

    await page.keyboard.press("m")
    await expect(page.get_by_role("button", name=re.compile("unmute"))).to_be_visible()
    sent = len(exchange.audio)
    await exchange.until(lambda: len(exchange.audio) >= sent + 20)
    assert set(b"".join(exchange.audio[sent + 10 :])) == {mulaw.SILENCE_BYTE}

    await page.keyboard.press("Shift+H")
    await exchange.reported("hung_up", NAME, CALL)
    leg.state(CALL, CallState.WRAP_UP)
    await page.get_by_role("button", name="Needs follow-up").click()
    closed = ("wrapped_up", NAME, CALL, "follow_up")
    await exchange.until(lambda: any(report[:4] == closed for report in exchange.reports))
    await expect(page.get_by_role("heading", name="You are available")).to_be_visible()
    await expect(page.get_by_label("Calls you took")).to_contain_text("Needs follow-up")


async def test_what_was_felt_can_be_heard_while_the_call_is_on_and_after_it(
    tab: Tab, desk: Desk, tmp_path: Path
) -> None:
    page = tab.page
    await page.evaluate(
        """() => {
            window.heard = [];
            const start = AudioBufferSourceNode.prototype.start;
            AudioBufferSourceNode.prototype.start = function (...when) {
                const samples = this.buffer.getChannelData(0);
                const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
                window.heard.push({ seconds: this.buffer.duration, peak });
                return start.apply(this, when);
            };
        }"""
    )
    await tab.be_available(desk)
    desk.exchange.own = CALL
    leg = ring(desk)
    recorder = Recorder(recordings(tmp_path) / f"{CALL}.wav", lambda: 6.0)
    t = np.arange(6 * mulaw.SAMPLE_RATE) / mulaw.SAMPLE_RATE
    tone = np.where((t >= 3.0) & (t < 4.8), 16_000 * np.sin(2 * np.pi * LINE_TONE * t), 0)
    recorder.tape.caller(mulaw.encode(tone.astype(np.int16)), 6.0)
    recorder.finish()
    await recorder.run()

    chip = page.get_by_role("log").get_by_role(
        "button", name=re.compile("Hear it. Anger: Angry 0.81. louder")
    )
    await chip.click()
    await expect(chip).to_have_attribute("aria-pressed", "true")
    await page.wait_for_function("() => window.heard.length === 1")
    heard = await page.evaluate("window.heard[0]")
    assert heard["seconds"] == pytest.approx(1.8 + 2 * 0.25, abs=0.01)
    assert heard["peak"] == pytest.approx(0.5, abs=0.05)
    await expect(chip).to_have_attribute("aria-pressed", "false")  # it has ended by itself

    leg.state(CALL, CallState.BRIDGED)
    hear = page.locator("#brief").get_by_role("button", name="Hear: anger 0.81 at 5 s")
    await hear.click()
    await page.wait_for_function("() => window.heard.length === 2")
    await hear.click()
    await expect(hear).to_have_attribute("aria-pressed", "false")

    leg.state(CALL, CallState.WRAP_UP)
    await chip.click()
    await page.wait_for_function("() => window.heard.length === 3")
    desk.exchange.own = None
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await chip.click()
    await expect(page.get_by_role("status").last).to_have_text("You do not have that call.")
    assert len(tab.complaints) == 1
    tab.complaints.clear()  # the browser's own line about the refusal


async def test_what_can_be_done_while_talking(tab: Tab, desk: Desk) -> None:
    page, exchange = tab.page, desk.exchange
    await tab.be_available(desk)
    leg = ring(desk)
    leg.state(CALL, CallState.BRIDGED)
    await expect(page.get_by_text("You are talking")).to_be_visible()
    help_ = Suggested(text="Refunds take five working days.", source="clause refunds-2", answers=3, ms=700.0)
    for entry in entries(CALL, (9.0, help_), first=6):
        leg.show(entry)
    await expect(page.get_by_label("Help", exact=True)).to_contain_text("refunds-2")

    await page.keyboard.press("k")
    await page.get_by_role("button", name="5", exact=True).click()
    await exchange.reported("send_keys", NAME, CALL, "5")
    await page.keyboard.press("Escape")
    await page.keyboard.press("h")
    await exchange.reported("hold", NAME, CALL)
    leg.state(CALL, CallState.HELD)
    await page.get_by_role("button", name=re.compile("resume")).click()
    await exchange.reported("resume", NAME, CALL)
    leg.state(CALL, CallState.BRIDGED)
    await page.keyboard.press("c")
    await page.get_by_role("button", name=re.compile("Bo Strand")).click()
    await exchange.reported("invite", NAME, CALL, "Bo Strand")
    await page.keyboard.press("b")
    await page.get_by_label("What it should do").fill("take the new address, then close")
    await page.get_by_label("What you have promised").fill("A call on Monday")
    await page.get_by_role("button", name="Give to the bot").click()
    await exchange.reported("promise", NAME, CALL, "A call on Monday")
    await exchange.reported("give_back", NAME, CALL, "take the new address, then close", "False")
    leg.state(CALL, CallState.WRAP_UP)
    summary = page.get_by_label(re.compile("What happened"))
    await expect(summary).to_have_value(re.compile("Where is <b>my money</b>"))
    await summary.fill("The payout was started.")
    await page.get_by_role("button", name="Resolved", exact=False).first.click()
    await exchange.reported("wrapped_up", NAME, CALL, "resolved", "The payout was started.")


async def test_an_earlier_call_shows_what_was_said_on_it(tab: Tab, desk: Desk) -> None:
    page = tab.page
    await tab.be_available(desk)
    told = Promised(text="Within five days.", clause="refunds-2")
    spoken = Heard(who="caller", text="Where is my refund?", start=1.0, end=2.0, confidence=0.9)
    beside = Heard(who="caller", text="And a good day to you.", start=3.0, end=4.0, confidence=0.9)
    for entry in entries("before", (2.0, spoken), (4.0, beside), (5.0, told)):
        desk.journal.write(entry)
    rang = Statement(text="rang 2 hours ago about their refund", sources=(1, 3), call="before")
    offer = Offer(
        call=CALL, caller=CALLER, line="Fjord Pay", ring_seconds=20,
        brief=msgspec.structs.replace(BRIEF, earlier=(rang,)), history=HISTORY,
    )  # fmt: skip
    leg = desk.exchange.legs[NAME]
    leg.offer(offer)
    leg.state(CALL, CallState.OFFERED)
    await page.get_by_role("button", name=re.compile("Show what was said then")).click()
    brief = page.locator("#brief")
    await expect(brief).to_contain_text("Where is my refund?")
    await expect(brief).to_contain_text("Promised: Within five days. (refunds-2)")
    await expect(brief).not_to_contain_text("a good day")


async def test_a_page_that_hangs_for_a_moment_is_unsteady_and_then_steady_again(tab: Tab, desk: Desk) -> None:
    page, exchange = tab.page, desk.exchange
    await tab.be_available(desk)
    leg = ring(desk)
    leg.state(CALL, CallState.BRIDGED)
    await expect(page.get_by_text("You are talking")).to_be_visible()
    await exchange.until(lambda: len(exchange.audio) >= 100)
    assert ("unsteady", NAME) not in exchange.reports
    hanging = asyncio.create_task(page.evaluate("const end = Date.now() + 2500; while (Date.now() < end);"))
    await exchange.reported("unsteady", NAME)
    await exchange.reported("steady", NAME)
    await hanging
    assert exchange.reports.count(("unsteady", NAME)) == 1
    assert not [report for report in exchange.reports if report[0] == "left"]
    for entry in entries(CALL, (9.0, AgentUnsteady(agent=NAME, seconds=1.5)), first=20):
        leg.show(entry)
    await expect(page.get_by_role("log")).to_contain_text("the caller was asked for a moment")


async def test_a_guest_to_whom_the_call_is_left_has_all_its_buttons(tab: Tab, desk: Desk) -> None:
    page = tab.page
    await tab.be_available(desk)
    leg = ring(desk)
    asked = Offer(
        call=CALL, caller=CALLER, line="Fjord Pay", ring_seconds=20, brief=BRIEF, history=HISTORY,
        role="colleague", asked_by="Bo Strand",
    )  # fmt: skip
    leg.offer(asked)
    leg.state(CALL, CallState.BRIDGED)
    await expect(page.get_by_text("You joined a colleague")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Hang up"))).to_be_hidden()
    for entry in entries(CALL, (9.0, Bridged(agent="Bo Strand")), (9.5, Bridged(agent=NAME)), first=20):
        leg.show(entry)
    await expect(page.get_by_text("You are talking")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Hang up"))).to_be_visible()


async def test_callers_to_ring_back_are_worked_through(tab: Tab, desk: Desk) -> None:
    page = tab.page
    await tab.sign_in()
    await desk.exchange.reported("joined", NAME)
    leg = desk.exchange.legs[NAME]
    at = datetime.now(UTC)
    one = Callback(
        call="c1", number=CALLER, line="Fjord Pay", began=at, earliest=at, latest=at + timedelta(hours=2)
    )
    leg.callbacks((one, msgspec.structs.replace(one, call="c2", number="+33", tries=1)))
    rows = page.get_by_label("Callers to ring back")
    await expect(rows).to_contain_text("tried once")
    await rows.get_by_role("button", name=f"Ring back {CALLER}").click()
    await desk.exchange.reported("ring_back", NAME, "c1")
    await expect(rows).to_contain_text("Ringing")
    leg.problem("The caller could not be reached.")
    await rows.get_by_role("button", name="+33 need not be rung back").click()
    await desk.exchange.reported("drop_callback", NAME, "c2")
    leg.callbacks(())
    await expect(rows).to_be_hidden()


async def test_a_supervisor_listens_coaches_and_leaves(tab: Tab, desk: Desk) -> None:
    page, exchange = tab.page, desk.exchange
    desk.accounts.set_supervisor(NAME, True)
    exchange.calls = (
        CallSeen(
            call=CALL, caller=CALLER, line="Fjord Pay", state=CallState.BRIDGED, agent="Bo", seconds=75.0
        ),
    )
    for entry in HISTORY:
        desk.journal.write(entry)
    await tab.sign_in()
    await page.get_by_role("button", name=f"Listen to {CALLER}").click()
    await exchange.reported("supervise", NAME, CALL, "listen")
    exchange.legs[NAME].state(CALL, CallState.BRIDGED)
    await expect(page.get_by_text("nobody hears you")).to_be_visible()
    await page.get_by_role("button", name="Coach").click()
    await exchange.reported("supervise", NAME, CALL, "coach")
    await page.keyboard.press("l")
    await exchange.reported("leave", NAME, CALL)


async def test_a_caller_who_leaves_stops_the_ringing(tab: Tab, desk: Desk) -> None:
    page = tab.page
    await tab.be_available(desk)
    title = await page.title()
    leg = ring(desk)
    await page.wait_for_function("window.struck > 0")
    leg.withdraw(CALL, "caller_left")
    await expect(page.get_by_role("status").last).to_have_text("The caller hung up.")
    await expect(page.get_by_role("heading", name="You are available")).to_be_visible()
    assert await page.title() == title
    struck = await page.evaluate("window.struck")
    await asyncio.sleep(2.6)  # longer than the bell's period
    assert await page.evaluate("window.struck") == struck


async def test_declining_by_key(tab: Tab, desk: Desk) -> None:
    await tab.be_available(desk)
    leg = ring(desk)
    await expect(tab.page.get_by_role("heading", name=CALLER)).to_be_visible()
    await tab.page.keyboard.press("d")
    await desk.exchange.reported("declined", NAME, CALL)
    await expect(tab.page.get_by_role("heading", name="You are available")).to_be_visible()
    leg.state(CALL, CallState.OFFERED)
    await tab.page.wait_for_timeout(100)
    await expect(tab.page.get_by_role("heading", name="You are available")).to_be_visible()


async def test_a_caller_who_leaves_in_mid_call_leads_to_wrap_up(tab: Tab, desk: Desk) -> None:
    await tab.be_available(desk)
    leg = ring(desk)
    leg.state(CALL, CallState.BRIDGED)
    await expect(tab.page.get_by_text("You are talking")).to_be_visible()
    leg.withdraw(CALL, "caller_left")
    leg.state(CALL, CallState.WRAP_UP)
    await expect(tab.page.get_by_role("heading", name="How did it end?")).to_be_visible()
    await expect(tab.page.get_by_role("status").last).to_have_text("The caller hung up.")
    await tab.page.keyboard.press("1")
    closed = ("wrapped_up", NAME, CALL, "resolved")
    await desk.exchange.until(lambda: any(report[:4] == closed for report in desk.exchange.reports))


async def test_a_second_desk_sets_the_first_aside(browser: Browser, desk: Desk) -> None:
    first, second = await open_tab(browser, desk), await open_tab(browser, desk)
    await first.be_available(desk)
    await second.sign_in()
    await expect(first.page.locator("#link")).to_have_text("In use at another desk")
    await expect(second.page.locator("#link")).to_have_text("Connected")
    await first.page.get_by_role("switch", name="Use this desk").click()
    await expect(second.page.locator("#link")).to_have_text("In use at another desk")
    await expect(first.page.get_by_role("heading", name="You are available")).to_be_visible()
    await desk.exchange.reported("available", NAME, times=2)
    assert not [report for report in desk.exchange.reports if report[0] == "left"]
    assert first.complaints + second.complaints == []


async def test_a_lost_connection_is_told_and_mended(browser: Browser, tmp_path: Path) -> None:
    async with serve_desk(tmp_path) as desk:
        port = int(desk.url.rsplit(":", 1)[1])
        tab = await open_tab(browser, desk)
        await tab.be_available(desk)
        ring(desk).state(CALL, CallState.BRIDGED)
        await expect(tab.page.get_by_text("You are talking")).to_be_visible()
        await tab.page.context.set_offline(True)  # the loss; the server goes away behind it
    await expect(tab.page.locator("#link")).to_contain_text("Connection lost")
    await expect(tab.page.get_by_role("status").last).to_contain_text("Your connection dropped.")
    async with serve_desk(tmp_path, port) as desk:
        await tab.page.context.set_offline(False)
        await desk.exchange.reported("available", NAME)
        await expect(tab.page.locator("#link")).to_have_text("Connected")
        await expect(tab.page.get_by_role("heading", name="You are available")).to_be_visible()
        await expect(tab.page.get_by_role("status").last).to_contain_text("went to a colleague")


async def test_a_call_that_comes_without_an_offer_brings_its_history(tab: Tab, desk: Desk) -> None:
    for entry in HISTORY:
        desk.journal.write(entry)
    await tab.be_available(desk)
    desk.exchange.legs[NAME].state(CALL, CallState.BRIDGED)
    await expect(tab.page.get_by_role("heading", name=CALLER)).to_be_visible()
    await expect(tab.page.get_by_role("log")).to_contain_text("How can I help?")


async def test_without_a_microphone_nobody_is_available(tab: Tab, desk: Desk) -> None:
    await tab.sign_in()
    await desk.exchange.reported("joined", NAME)
    await tab.page.evaluate(
        """() => {
            const refusal = new DOMException("", "NotAllowedError");
            navigator.mediaDevices.getUserMedia = () => Promise.reject(refusal);
        }"""
    )
    await tab.page.get_by_role("switch").click()
    await expect(tab.page.locator("#idle-problem")).to_contain_text("may not use your microphone")
    await expect(tab.page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    assert ("available", NAME) not in desk.exchange.reports


async def test_the_password_stays_out_of_the_page(tab: Tab, desk: Desk) -> None:
    await tab.sign_in()
    await expect(tab.page.locator("#link")).to_have_text("Connected")
    assert PASSWORD not in await tab.page.content()
    assert await tab.page.input_value("#password") == ""
    assert await tab.page.evaluate("document.cookie") == ""
