"""Ending calls through the Twilio SDK, against the emulated API and against answers out of order."""

import asyncio
import importlib
import os
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from telephony.carriers import emulator_api
from telephony.carriers.emulated_call import EmulatedCall
from telephony.carriers.emulator import CarrierEmulator
from telephony.carriers.recorded_caller import RecordedCaller
from telephony.carriers.twilio_calls import HangUpError, TwilioCalls
from tests.telephony.carriers.answering import TOKEN, listening
from voice.journal.clock import LoopClock

pytestmark = pytest.mark.usefixtures("virtual_time")


def a_call() -> tuple[CarrierEmulator, EmulatedCall]:
    carrier = CarrierEmulator(LoopClock(), TOKEN)
    return carrier, carrier.place(RecordedCaller(audio=b""), "http://127.0.0.1:9/")


async def test_a_call_is_completed_and_one_that_is_over_is_fine() -> None:
    carrier, call = a_call()
    async with emulator_api.served(carrier) as url:
        calls = TwilioCalls(TOKEN, url)
        await calls.complete(carrier.account, call.sid)
        assert (await call.run()).ended == "the call was completed over the API"
        await calls.complete(carrier.account, call.sid)
        await calls.complete(carrier.account, "CA-unknown")


async def test_a_wrong_token_is_one_sentence_naming_the_settings() -> None:
    carrier, call = a_call()
    async with emulator_api.served(carrier) as url:
        with pytest.raises(HangUpError, match=r"HTTP status 401, Twilio error 20003.*HOOKFLASH_TWILIO_AUTH_"):
            await TwilioCalls("another", url).complete(carrier.account, call.sid)


@pytest.mark.parametrize(("answers", "tries"), [([503, 429, 200], 3), ([503] * 5, 3), ([400] * 5, 1)])
async def test_only_what_may_pass_is_tried_again_and_three_times_at_most(
    answers: list[int], tries: int
) -> None:
    seen: list[dict[str, Any]] = []

    async def update(request: Request) -> JSONResponse:
        seen.append({"form": dict(await request.form()), "path": request.url.path})
        status = answers[len(seen) - 1]
        return JSONResponse({"code": status, "message": "", "sid": "CA1"}, status)

    route = Route("/{path:path}", update, methods=["POST"])
    async with listening(lambda _: [route]) as url:
        completing = TwilioCalls(TOKEN, url).complete("AC1", "CA1")
        if 200 in answers:
            await completing
        else:
            with pytest.raises(HangUpError, match=f"HTTP status {answers[0]}"):
                await completing
    assert len(seen) == tries
    assert seen[0] == {
        "form": {"Status": "completed"},
        "path": "/2010-04-01/Accounts/AC1/Calls/CA1.json",
    }


async def test_an_api_that_is_not_there_is_tried_again_and_then_told() -> None:
    began = asyncio.get_running_loop().time()
    with pytest.raises(HangUpError, match="ConnectionError"):
        await TwilioCalls(TOKEN, "http://127.0.0.1:9").complete("AC1", "CA1")
    assert asyncio.get_running_loop().time() - began == pytest.approx(0.9)


async def test_the_emulated_api_takes_nothing_but_completed() -> None:
    carrier, call = a_call()
    async with emulator_api.served(carrier) as url, httpx2.AsyncClient(base_url=url) as client:
        path = f"/2010-04-01/Accounts/{carrier.account}/Calls/{call.sid}.json"
        login = (carrier.account, TOKEN)
        assert (await client.post(path, data={"Status": "canceled"}, auth=login)).status_code == 400
        assert (await client.post(path, data={"Status": "completed"})).status_code == 401
        broken = {b"Authorization": "Basic é".encode()}
        assert (await client.post(path, headers=broken)).status_code == 401
    assert not call.over


async def test_requests_and_answers_are_as_twilio_describes_them() -> None:
    openapi_core = pytest.importorskip("openapi_core", reason="openapi-core is not installed")
    description = os.environ.get("HOOKFLASH_TWILIO_OPENAPI", "")
    if not Path(description).is_file():
        pytest.skip("HOOKFLASH_TWILIO_OPENAPI does not name Twilio's API description")
    adapters = importlib.import_module("openapi_core.contrib.starlette")

    class AtTwilio(adapters.StarletteOpenAPIRequest):  # type: ignore[misc,name-defined]  # found at run time
        host_url = "https://api.twilio.com"

    api = openapi_core.OpenAPI.from_file_path(description)
    carrier, call = a_call()
    target = emulator_api.application(carrier)
    checked = []

    async def update(request: Request) -> JSONResponse:
        body = await request.body()
        described = AtTwilio(request, body)
        api.validate_request(described)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=target)) as client:
            answer = await client.post(
                f"http://api{request.url.path}", content=body, headers=dict(request.headers)
            )
        response = JSONResponse(answer.json(), answer.status_code)
        api.validate_response(described, adapters.StarletteOpenAPIResponse(response))
        checked.append(answer.status_code)
        return response

    async with listening(lambda _: [Route("/{path:path}", update, methods=["POST"])]) as url:
        await TwilioCalls(TOKEN, url).complete(carrier.account, call.sid)
    assert checked == [200]
