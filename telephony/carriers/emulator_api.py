"""The emulated carrier's REST API: as much of Twilio's as makes and ends a call."""

import base64
import binascii
import contextlib
import socket
from asyncio import create_task
from collections.abc import AsyncIterator, Iterator
from email.utils import format_datetime
from hmac import compare_digest

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from telephony.carriers.emulated_call import EmulatedCall
from telephony.carriers.emulator import CarrierEmulator

_VERSION = "2010-04-01"


def application(carrier: CarrierEmulator) -> Starlette:
    """Return the API as an ASGI application."""

    async def update_call(request: Request) -> Response:
        account = request.path_params["account"]
        if not _authorised(request, carrier):
            return _error(401, 20003, "Authenticate")
        call = carrier.calls.get(request.path_params["call"])
        if call is None or account != carrier.account:
            return _error(404, 20404, f"The requested resource {request.url.path} was not found")
        async with request.form() as form:
            status = form.get("Status")
        if status != "completed":
            return _error(400, 20001, "This carrier only knows Status=completed")
        if call.over:
            return _error(400, 21220, "Call is not in-progress. Cannot redirect.")
        call.complete()
        return JSONResponse(_described(carrier, call))

    async def make_call(request: Request) -> Response:
        if not _authorised(request, carrier):
            return _error(401, 20003, "Authenticate")
        async with request.form() as form:
            asked = {name: str(value) for name, value in form.items()}
        missing = next((name for name in ("To", "From", "Url") if not asked.get(name)), None)
        if missing is not None:
            return _error(400, 21201, f"No '{missing}' parameter is specified")
        call = carrier.dial(asked["To"], asked["From"], asked["Url"], status_url=asked.get("StatusCallback"))
        return JSONResponse(_described(carrier, call, "queued"), 201)

    calls = f"/{_VERSION}/Accounts/{{account}}/Calls"
    return Starlette(
        routes=[
            Route(f"{calls}/{{call}}.json", update_call, methods=["POST"]),
            Route(f"{calls}.json", make_call, methods=["POST"]),
        ]
    )


def _authorised(request: Request, carrier: CarrierEmulator) -> bool:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return False
    expected = f"{carrier.account}:{carrier.auth_token}".encode()
    return scheme.lower() == "basic" and compare_digest(given, expected)


def _error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse({"code": code, "message": message, "more_info": more, "status": status}, status)


def _described(carrier: CarrierEmulator, call: EmulatedCall, status: str = "completed") -> dict[str, object]:
    now = format_datetime(carrier.clock.utc())
    uri = f"/{_VERSION}/Accounts/{carrier.account}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "account_sid": carrier.account,
        "api_version": _VERSION,
        "from": call.form["From"],
        "from_formatted": call.form["From"],
        "to": call.form["To"],
        "to_formatted": call.form["To"],
        "direction": call.form["Direction"],
        "status": status,
        "date_created": now,
        "date_updated": now,
        "start_time": now,
        "end_time": now,
        "duration": str(round(call.stream.seconds)) if call.stream else "0",
        "price_unit": "USD",
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


class _QuietServer(uvicorn.Server):
    """A server that leaves the process's signals to whoever owns the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(carrier: CarrierEmulator, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the API while the context lasts; gives its address, for HOOKFLASH_TWILIO_API_URL.

    Raises:
        OSError: the port is in use.
    """
    listening = socket.create_server((host, port))
    server = _QuietServer(uvicorn.Config(application(carrier), log_level="warning", lifespan="off"))
    task = create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        await carrier.close()
        listening.close()
