"""`hookflash demo`: a whole call to watch, from the first ring to the last word."""

import asyncio
import itertools
import secrets
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import click
import msgspec
from rich.console import Console

from audio_fixtures import recording
from audio_fixtures.script import AGENTS
from telephony.carriers import emulator_api
from telephony.carriers.emulator import PATIENCE_SECONDS, CarrierEmulator
from telephony.carriers.recorded_caller import CallerError, RecordedCaller, load
from telephony.demo.arrival import Arrival
from telephony.demo.house import House, HouseError
from telephony.demo.levels import Levels
from telephony.demo.outcome import Outcome
from telephony.demo.performance import AGENT, CALLER, HEARD, LOOK_SECONDS, perform, voices
from telephony.demo.show import Show
from telephony.desk.accounts import AccountError, Accounts, sign_in_link
from telephony.desk.conduct import Conduct
from telephony.desk.headless import HeadlessAgent, HeadlessError
from telephony.legs.mulaw import SAMPLE_RATE
from voice.journal.clock import Clock, LoopClock
from voice.journal.events import Entry

AGENT_NAME = "Robin"
BROWSER_PATIENCE = 300.0
"""Seconds the caller stays on the line for a person who takes the call in a browser."""
SIGN_IN_SECONDS = 30.0
"""How long the person has to sign in where no key can be pressed."""
ACCEPT_AFTER = 3.0


@click.command()
@click.option(
    "--agent",
    type=click.Choice(["headless", "browser"]),
    default="headless",
    show_default=True,
    help="Who takes the call: a recorded agent, or you at the desk's page.",
)
@click.option("--fixture", default="angry_refund", show_default=True, help="Who rings.")
@click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Save the screen as it was while both talked to this SVG file.",
)
def demo(agent: str, fixture: str, picture: Path | None) -> None:
    """Ring the bot with an angry caller and watch a person take over."""
    try:
        outcome = asyncio.run(_demo(fixture, agent == "browser", picture))
    except (CallerError, HouseError, HeadlessError, AccountError) as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(0 if outcome.good else 1)


async def _demo(fixture: str, browser: bool, picture: Path | None) -> Outcome:
    clock = LoopClock()
    began = clock.now()
    caller, person_from, speech = await asyncio.to_thread(_cast, fixture)
    data = Path("data") / f"demo-{clock.utc():%Y%m%d-%H%M%S}"
    carrier = CarrierEmulator(clock, secrets.token_hex(16))
    levels = Levels(CALLER, HEARD, AGENT)
    show = Show(Console(), clock, levels)
    robin: HeadlessAgent | None = None
    later = b""

    async def watch(news: list[Entry]) -> None:
        if robin is not None:
            levels.hear(AGENT, _hears(robin, clock.now()), LOOK_SECONDS)
        await show.news(news)

    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(emulator_api.served(carrier))
        house = House(data, clock, api_url=api_url, account=carrier.account, auth_token=carrier.auth_token)
        show.say("Starting the switchboard and its voice worker ...")
        await stack.enter_async_context(house)
        link = await asyncio.to_thread(_sign_up, data, clock)
        if browser:
            caller, later = held_back(caller, person_from)
            await _until_signed_in(show, sign_in_link(house.url, link))
        else:
            conduct = Conduct(accept_after=ACCEPT_AFTER, speech=speech)
            robin = await stack.enter_async_context(
                HeadlessAgent(house.url, clock, link=link, conduct=conduct)
            )
        patience = BROWSER_PATIENCE if browser else PATIENCE_SECONDS
        with show:
            performed = await perform(
                house, carrier, caller, patience=patience, levels=levels, watch=watch, after_bridge=later
            )
    bridged = show.story.bridged
    to_agent: Arrival | None = None
    to_caller: Arrival | None = None
    if robin is not None:
        to_agent, to_caller = await asyncio.to_thread(voices, performed, robin, bridged)
    outcome = Outcome(
        story=show.story,
        to_agent=to_agent,
        to_caller=to_caller,
        data=data,
        wall_seconds=clock.now() - began,
        errors=performed.result.errors,
    )
    show.summary(outcome)
    if picture is not None:
        show.save(picture)
    return outcome


def _cast(fixture: str) -> tuple[RecordedCaller, float | None, bytes]:
    """Return the caller, from which second on they talk to a person, and what that person says."""
    agent = AGENTS / f"{fixture}.wav"
    speech = load(str(agent)).audio if agent.exists() else b""
    return load(fixture), recording.load(fixture).person_from, speech


def _sign_up(data: Path, clock: Clock) -> str:
    """Make the agent's account; return a token that signs in once."""
    accounts = Accounts(data)
    accounts.add(AGENT_NAME, secrets.token_urlsafe(15))
    return accounts.make_link(AGENT_NAME, clock.utc())


def _hears(agent: HeadlessAgent, now: float) -> bytes:
    """Return what came to the agent since the last look."""
    recent = itertools.takewhile(lambda frame: frame.t > now - LOOK_SECONDS, reversed(agent.heard))
    return b"".join(frame.mulaw for frame in recent)


def held_back(caller: RecordedCaller, person_from: float | None) -> tuple[RecordedCaller, bytes]:
    """Return the caller up to the takeover, staying on the line, and what they say after it."""
    at = round((caller.seconds if person_from is None else person_from) * SAMPLE_RATE)
    waiting = msgspec.structs.replace(caller, audio=caller.audio[:at], hang_up_at=None)
    return waiting, caller.audio[at:]


async def _until_signed_in(show: Show, link: str) -> None:
    show.say(
        f"Open {link}\nallow the microphone and be available; it rings you when the caller loses patience."
    )
    if sys.stdin.isatty():
        await asyncio.to_thread(click.pause, "Press a key to let the caller ring ...")
    else:
        await asyncio.sleep(SIGN_IN_SECONDS)
