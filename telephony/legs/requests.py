"""What an agent may ask for with a call they are on, whatever they sit at."""

from typing import Annotated, Literal

import msgspec

CallName = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
AgentName = Annotated[str, msgspec.Meta(max_length=60)]
Sentence = Annotated[str, msgspec.Meta(max_length=500)]
SupervisorRole = Literal["listen", "coach", "barge"]


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Something asked for."""

    call: CallName


class Hold(Request, frozen=True, kw_only=True, tag="hold"):
    """Put the caller on hold: they hear music, and you may talk to a colleague."""


class Resume(Request, frozen=True, kw_only=True, tag="resume"):
    """Come back to the caller."""


class Mute(Request, frozen=True, kw_only=True, tag="mute"):
    """Let nobody hear me, or let me be heard again."""

    muted: bool


class SendKeys(Request, frozen=True, kw_only=True, tag="send_keys"):
    """Send key tones to the caller's line."""

    digits: Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]{1,32}$")]


class NotePromise(Request, frozen=True, kw_only=True, tag="promise"):
    """I have promised the caller this: write it down."""

    text: Annotated[Sentence, msgspec.Meta(min_length=1)]


class GiveBack(Request, frozen=True, kw_only=True, tag="give_back"):
    """Let the bot go on, with an instruction in plain words. `verified`: I have made sure who they are."""

    instruction: Sentence = ""
    verified: bool = False


class HandOn(Request, frozen=True, kw_only=True, tag="hand_on"):
    """Pass the call to a colleague, to whoever has a skill, or (both empty) to whoever is free."""

    agent: AgentName = ""
    skill: AgentName = ""
    note: Sentence = ""


class Invite(Request, frozen=True, kw_only=True, tag="invite"):
    """Ring a colleague and let them join us."""

    agent: Annotated[AgentName, msgspec.Meta(min_length=1)]


class Leave(Request, frozen=True, kw_only=True, tag="leave"):
    """Leave the call to the colleague who has joined; or, who has joined, leave it to its agent."""


class Supervise(Request, frozen=True, kw_only=True, tag="supervise"):
    """A supervisor's: listen, coach (heard by the agent alone) or barge in (heard by everybody)."""

    role: SupervisorRole


class RingBack(Request, frozen=True, kw_only=True, tag="ring_back"):
    """Ring the caller back who asked for it on `call`."""


class DropCallback(Request, frozen=True, kw_only=True, tag="drop_callback"):
    """Take the caller off the list who asked on `call` to be rung back: they need not be."""


AnyRequest = (
    Hold | Resume | Mute | SendKeys | NotePromise | GiveBack | HandOn | Invite | Leave | Supervise | RingBack
    | DropCallback
)  # fmt: skip
