"""What a playbook writes about the company's HTTP service: `back-office.yaml`."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from voice.dialogue.texts import Part

UNKNOWN_CALLER = "unknown_caller"
"""The outcome that says that no account belongs to the caller."""


def _pointer(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError("write a JSON pointer, for example `/account/balance`")
    return value


def _whole(value: Any) -> Any:
    return {"pointer": value} if isinstance(value, str) else value


Pointer = Annotated[str, AfterValidator(_pointer)]


class Fact(Part):
    """Where a fact stands in the answer, and how it is written there."""

    pointer: Pointer
    kind: Literal["text", "amount", "cents", "date"] = "text"
    """`amount` in whole units with decimals, `cents` in hundredths, `date` as ISO 8601."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"
    """Of an amount, by ISO 4217."""


class HttpCall(Part):
    """One back-office call: the HTTP request it becomes, and how the answer is read."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: Annotated[str, Field(pattern="^/")]
    """May hold `{caller}`, `{today}` and slots, each escaped."""
    query: dict[str, str] = Field(default={})
    """May hold the same; left out where a slot in it is not known."""
    body: dict[str, str] | None = None
    """Sent as JSON; the same holds."""
    outcome: Pointer | None = None
    """Where the outcome stands in the answer."""
    outcomes: dict[str, str] = Field(default={})
    """What the service's words for outcomes are in the playbook."""
    success: str = "done"
    """The outcome of an answer that names none."""
    statuses: dict[int, str] = Field(default={})
    """Outcomes of HTTP statuses that are answers: `404: unknown_caller`."""
    facts: dict[str, Annotated[Fact, BeforeValidator(_whole)]] = Field(default={})
    expected: Pointer | None = None
    """Where the values stand that a slot may have, if the outcome is a slot's name."""


class HttpService(Part):
    """A company's service over HTTP."""

    url: Annotated[str, Field(pattern="^https?://[^ ]+[^/ ]$")]
    headers: dict[str, str] = Field(default={})
    """May hold `{secret}` for each of the secrets."""
    secrets: dict[str, Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]*$")]] = Field(default={})
    """Names of environment variables by the name they have in headers: a secret is never written here."""
    timeout_s: float = Field(default=0.8, gt=0, le=10)
    """Seconds one attempt may take, and the longest a `Retry-After` is waited for; the playbook's
    `back_office_s` limits all of them together."""
    attempts: int = Field(default=2, ge=1, le=4)
    """For calls that may be repeated without harm: look-ups, and changes, which carry a key."""
    calls: dict[str, HttpCall] = Field(min_length=1)
