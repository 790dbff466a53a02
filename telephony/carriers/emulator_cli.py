"""`hookflash call`: ring a server with a recorded caller, as the carrier would."""

import asyncio
import contextlib
import wave
from pathlib import Path
from urllib.parse import urlsplit

import click
import numpy as np

from telephony.carriers import emulator_api
from telephony.carriers.emulated_call import CallResult
from telephony.carriers.emulator import PATIENCE_SECONDS, CarrierEmulator
from telephony.carriers.recorded_caller import CallerError, RecordedCaller, load
from telephony.legs import mulaw
from voice.journal.clock import LoopClock

_LOCAL = ("127.0.0.1", "localhost")


@click.command()
@click.argument("fixture")
@click.option(
    "--url",
    default="http://127.0.0.1:8080/twilio/voice",
    show_default=True,
    help="The voice webhook, or a ws:// address to stream to without one.",
)
@click.option("--from", "from_number", help="The caller's number.  [default: the recording's]")
@click.option("--to", "to_number", default="+4721000000", show_default=True, help="The number called.")
@click.option(
    "--patience",
    type=click.FloatRange(0, 3600),
    default=PATIENCE_SECONDS,
    show_default=True,
    help="Seconds the caller stays on the line when they have said all.",
)
@click.option(
    "--record", type=click.Path(dir_okay=False, path_type=Path), help="Write both voices to this WAV."
)
@click.option("--auth-token", envvar="HOOKFLASH_TWILIO_AUTH_TOKEN", help="Signs the requests.")
@click.option("--account", envvar="HOOKFLASH_TWILIO_ACCOUNT_SID", help="The account they come from.")
@click.option(
    "--public-url", envvar="HOOKFLASH_PUBLIC_URL", help="The server's public address, which is signed."
)
@click.option("--api-url", envvar="HOOKFLASH_TWILIO_API_URL", help="Answer the server's REST requests here.")
def call(
    *,
    fixture: str,
    url: str,
    from_number: str | None,
    to_number: str,
    patience: float,
    record: Path | None,
    auth_token: str | None,
    account: str | None,
    public_url: str | None,
    api_url: str | None,
) -> None:
    """Ring a server with FIXTURE, the name of a recorded call or an 8 kHz mono WAV file, in real time."""
    if not auth_token and not url.startswith("ws"):
        raise click.ClickException("Set HOOKFLASH_TWILIO_AUTH_TOKEN to the token the server has.")
    try:
        caller = load(fixture)
    except CallerError as error:
        raise click.ClickException(str(error)) from None

    async def ring() -> CallResult:
        async with contextlib.AsyncExitStack() as stack:
            carrier = CarrierEmulator(LoopClock(), auth_token or "", account=account)
            if api_url and urlsplit(api_url).hostname in _LOCAL:
                address = urlsplit(api_url)
                await stack.enter_async_context(emulator_api.served(carrier, port=address.port or 80))
            return await carrier.place(
                caller,
                url,
                from_number=from_number,
                to_number=to_number,
                public_url=public_url,
                patience=patience,
            ).run()

    try:
        result = asyncio.run(ring())
    except OSError as error:
        raise click.ClickException(
            f"HOOKFLASH_TWILIO_API_URL {api_url} cannot be answered ({error}): is another call running?"
        ) from None
    _report(result, caller)
    if record is not None:
        _write_stereo(record, result.spoken, result.heard_audio)
        click.echo(f"recorded    {record} (left: the caller; right: what they heard)")
    if not result.spoken:
        raise SystemExit(1)


def _report(result: CallResult, caller: RecordedCaller) -> None:
    heard = sum(len(piece.mulaw) for piece in result.heard) / mulaw.SAMPLE_RATE
    said = min(result.seconds, caller.seconds)
    click.echo(f"call        {result.call}")
    click.echo(f"on the line {result.seconds:.1f} s; said {said:.1f} s of the recording, heard {heard:.1f} s")
    click.echo(f"over        {result.ended}")
    for error in result.errors:
        click.echo(f"error       {error}", err=True)


def _write_stereo(path: Path, left: bytes, right: bytes) -> None:
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(2)
        recording.setsampwidth(2)
        recording.setframerate(mulaw.SAMPLE_RATE)
        recording.writeframes(np.column_stack((mulaw.decode(left), mulaw.decode(right))).tobytes())
