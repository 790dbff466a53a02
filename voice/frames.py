"""Our own pipecat frames, beside those of its own that the pipeline uses.

What arrives from the link is a system frame, so that the processors see it in the order it came; what has
to keep its place among the bot's sentences is a data frame.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pipecat.frames.frames import AudioRawFrame, DataFrame, SystemFrame

from voice.emotion.speech import CallerSpeech
from voice.hearing.expected import Expected
from voice.hearing.patience import Collecting
from voice.journal.clock import Clock
from voice.journal.events import AnyEvent, Brief, Heard, Trigger
from voice.journal.link import StateMessage, Wish
from voice.latency import TurnTimes


@dataclass(frozen=True)
class CallTime:
    """Seconds of one call, told by the clock.

    Attributes:
        clock: the process's clock.
        zero: its reading at second 0 of the call.
    """

    clock: Clock
    zero: float

    def now(self) -> float:
        """Return the second of the call it is."""
        return self.clock.now() - self.zero


@dataclass
class CallStartFrame(SystemFrame):
    """The media stream of a call begins.

    Parameters:
        call: the call's name in the journal.
        playbook: the playbook's name; empty where the switchboard named none.
        language: the language the call begins in, an ISO 639-1 code; empty on the link where none was named.
        caller: the caller's number, as the carrier gave it.
        t0: second of the call at which the stream begins.
        time: tells the seconds of this call.
    """

    call: str
    playbook: str
    language: str
    caller: str
    t0: float
    time: CallTime


@dataclass
class AgentAudioFrame(SystemFrame, AudioRawFrame):
    """The human agent's voice. No kin of the caller's `InputAudioRawFrame`: none is taken for the other."""


@dataclass
class StateFrame(SystemFrame):
    """The switchboard says who is on the line."""

    message: StateMessage


@dataclass
class PlayedFrame(SystemFrame):
    """A mark came back: everything sent before it has been played, or was cleared."""

    mark: str


@dataclass
class TurnFrame(DataFrame):
    """A turn of the caller or the agent is over.

    Parameters:
        heard: the words; None where there were none.
        speech: the caller's voice in it; None for the agent, whose voice is never analysed.
        over_bot: the turn came and went while the bot kept talking.
        went_on: it goes on with the turn before, which had been taken for over too soon.
        over: second of the call at which it was taken for over.
        words: second at which its words were there.
        failure: why the turn could not be transcribed; empty when it was.
    """

    interruptible: bool = field(default=False, init=False)

    heard: Heard | None
    speech: CallerSpeech | None = None
    over_bot: bool = False
    went_on: bool = False
    over: float = 0.0
    words: float = 0.0
    failure: str = ""


@dataclass
class ExpectFrame(SystemFrame):
    """Travels upstream: what the caller is likely to say next, and to give piece by piece, if anything."""

    expected: Expected | None
    collecting: Collecting | None


@dataclass
class LanguageFrame(DataFrame):
    """The call goes on in this language, which the caller has been heard to speak."""

    interruptible: bool = field(default=False, init=False)

    language: str


@dataclass
class PauseFrame(SystemFrame):
    """The caller pauses and may be done; nothing is known of the words yet.

    Parameters:
        speech: the turn so far.
    """

    speech: CallerSpeech


@dataclass
class SpeakingFrame(SystemFrame):
    """The caller goes on speaking; sent every two seconds of a turn.

    Parameters:
        speech: the turn so far.
    """

    speech: CallerSpeech


@dataclass
class GuessFrame(SystemFrame):
    """What the caller will have said if the pause just now ends the turn: an answer can be prepared."""

    heard: Heard


@dataclass
class BareAnswerFrame(SystemFrame):
    """The caller has given one of the expected answers and nothing else; more may follow."""


@dataclass
class PartialFrame(SystemFrame):
    """What the caller has said so far of a turn that goes on."""

    heard: Heard


@dataclass
class BotAudioFrame(SystemFrame):
    """Travels upstream: what the line plays from second `start` of the call, 8 kHz."""

    samples: NDArray[np.int16]
    start: float


@dataclass
class SentenceFrame(DataFrame):
    """One sentence for the bot to say.

    Parameters:
        text: the sentence.
        language: its language.
        answers: the times of the caller's turn that this answers, for its latency.
    """

    text: str
    language: str
    answers: TurnTimes | None = None


@dataclass
class MarkFrame(DataFrame):
    """Asks to be told when all audio sent so far has been played."""

    mark: str


@dataclass
class JournalFrame(SystemFrame):
    """Something happened. Upstream: for the conversation to enter; downstream: entered, for the link.

    Parameters:
        event: what happened.
        t: the second of the call at which it did.
        n: its running number among this worker's entries; 0 before it is entered.
    """

    event: AnyEvent
    t: float
    n: int = 0


@dataclass
class TakeoverFrame(DataFrame):
    """The call shall go to a person (`triggers`), or the brief for that (`brief`, and `audio`: 8 kHz int16).

    It follows the sentences that announce it, and no interruption undoes it.
    """

    interruptible: bool = field(default=False, init=False)

    triggers: tuple[Trigger, ...] = ()
    brief: Brief | None = None
    audio: bytes = b""


@dataclass
class WishFrame(DataFrame):
    """What a waiting caller wishes."""

    wish: Wish


@dataclass
class AsideFrame(DataFrame):
    """The sentences that follow are for a caller who waits for a person."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class HangUpFrame(DataFrame):
    """The bot has said goodbye: the line may be dropped once that has been played."""

    reason: str


@dataclass
class VoiceFailedFrame(SystemFrame):
    """A sentence could not be spoken; travels upstream to the conversation."""

    text: str
    why: str
