"""TwiML as a carrier reads it: the verbs of a document, in order."""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

import msgspec

MAX_DOCUMENT: Final = 65_536
"""Characters a document may have, as at Twilio."""


class TwimlError(Exception):
    """A document a carrier would not carry out; one sentence says why."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """Where a media stream is to be connected, and what its `start` tells."""

    url: str
    parameters: Mapping[str, str]


class Verb(msgspec.Struct, frozen=True, kw_only=True):
    """One instruction; `stream` where it is `Connect` with a `Stream` inside."""

    name: str
    text: str
    attributes: Mapping[str, str]
    stream: Stream | None = None

    def __str__(self) -> str:
        """Return the verb and whom it reaches, e.g. `Dial +4722000000`."""
        return f"{self.name} {self.text}".strip()


def parse(document: str) -> tuple[Verb, ...]:
    """Return the document's verbs; raises `TwimlError`."""
    if len(document) > MAX_DOCUMENT:
        raise TwimlError(f"The TwiML of {len(document)} characters is over the limit of {MAX_DOCUMENT}.")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  # expat bounds entity expansion, we the length
    except ElementTree.ParseError as error:
        raise TwimlError(f"The TwiML is not XML: {error}.") from None
    if root.tag != "Response":
        raise TwimlError(f"The TwiML begins with {root.tag}, not with Response.")
    return tuple(_verb(element) for element in root)


def _verb(element: ElementTree.Element) -> Verb:
    noun = element.find("Stream") if element.tag == "Connect" else None
    if noun is not None and "action" in element.attrib:
        raise TwimlError("Connect has an action, which is asked instead of going on to the next verb.")
    text = (element.text or "").strip() or " ".join((child.text or "").strip() for child in element)
    return Verb(
        name=element.tag,
        text=text.strip(),
        attributes=dict(element.attrib),
        stream=None if noun is None else _stream(noun),
    )


def _stream(noun: ElementTree.Element) -> Stream:
    url = noun.get("url", "")
    if "?" in url:
        raise TwimlError("The Stream's url has a query, which carriers drop: use Parameter instead.")
    if not url.startswith(("ws://", "wss://")):
        raise TwimlError(f"The Stream's url {url!r} is no WebSocket address.")
    parameters = {one.get("name", ""): one.get("value", "") for one in noun.findall("Parameter")}
    return Stream(url=url, parameters=parameters)
