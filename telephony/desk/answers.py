"""The desk's answers over HTTP: JSON and sound that are not kept anywhere."""

import msgspec
from starlette.responses import JSONResponse, Response

_json = msgspec.json.Encoder()


def answer(value: object) -> Response:
    """Return what was asked for."""
    return Response(_json.encode(value), media_type="application/json", headers={"Cache-Control": "no-store"})


def wav(sound: bytes) -> Response:
    """Return sound."""
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})


def refusal(status: int, why: str) -> Response:
    """Return a sentence that says why not."""
    return JSONResponse({"error": why}, status, headers={"Cache-Control": "no-store"})
