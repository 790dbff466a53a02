"""Stand-ins for the models: they hear, feel and speak what a test tells them to."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from telephony.legs import mulaw
from voice.dialogue.cast import Cast, Feels
from voice.dialogue.reply import Reply
from voice.emotion.anger import Measures, Wording
from voice.emotion.speech import CallerSpeech
from voice.hearing.engine import Transcript
from voice.hearing.expected import Expected
from voice.hearing.listening import Load, SoundsFinished
from voice.hearing.patience import Patience
from voice.hearing.recogniser import Transcribes
from voice.hearing.segments import TurnTaking
from voice.hearing.track import VoiceActivity
from voice.journal.clock import LoopClock
from voice.journal.events import (
    AnyEvent,
    Decided,
    Entry,
    Felt,
    Heard,
    LineLearnt,
    Said,
    Trigger,
    TriggerKind,
    Word,
)
from voice.journal.link import PastCall
from voice.link_server import RenderedPrompt, UnknownPlaybookError
from voice.pipeline import CallPipeline
from voice.replay.line import Caller, Line, ring
from voice.speaking.voice import Due, Speech, at_once
from voice.takeover.asking import wants_human

LOUD = 8_000
RATE = 8_000


def speech(seconds: float) -> bytes:
    """Mu-law that the stand-in activity takes for speech: a loud 200 Hz square wave."""
    period = RATE // 200
    cycle = b"\x10" * (period // 2) + b"\x90" * (period // 2)
    return (cycle * int(seconds * 200 + 1))[: int(seconds * RATE)]


def hum(seconds: float) -> bytes:
    """Mu-law of a mouth that stays shut: as loud, and nothing above 200 Hz."""
    wave = 20_000 * np.sin(2 * np.pi * 200 * np.arange(int(seconds * RATE)) / RATE)
    return mulaw.encode(wave.astype(np.int16))


def silence(seconds: float) -> bytes:
    return b"\xff" * int(seconds * RATE)


def television(seconds: float) -> bytes:
    """Mu-law that the stand-in activity takes for speech too, 17 dB softer."""
    wave = 2_200 * np.sign(np.sin(2 * np.pi * 150 * np.arange(int(seconds * RATE)) / RATE))
    return mulaw.encode(wave.astype(np.int16))


class LoudnessActivity:
    """Whatever is loud is speech."""

    def probability(self, samples: NDArray[np.float32]) -> float:
        return 1.0 if float(np.abs(samples).mean()) > 0.05 else 0.0


@dataclass
class ScriptedEngine:
    """Hears the next words of its script, whatever is said; takes `seconds` of the loop's time for it."""

    script: list[str]
    seconds: float = 0.1
    clips: list[float] = field(default_factory=list)
    """Seconds of each clip it was given."""
    cancelled: int = 0
    speaks: str = ""
    """The language it hears, where it may; empty: the call's."""
    others: tuple[str, ...] = ()
    """What else each clip may have been, told to whoever wants to know."""
    expected: list[Expected | None] = field(default_factory=list)
    """What was expected in each clip it was given, decoded or not."""
    promoted: int = 0
    """Clips that were wanted more urgently than they came."""

    def promote(self, samples: NDArray[np.float32]) -> None:
        self.promoted += 1

    async def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        language: str,
        among: Sequence[str] = (),
        expected: Expected | None = None,
        others: bool = False,
        **about: object,
    ) -> Transcript:
        self.expected.append(expected)
        place = len(self.clips)
        self.clips.append(len(samples) / 16_000)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            self.clips.pop(place)
            raise
        text = self.script[place] if place < len(self.script) else ""
        word = Word(text=text, start=0.2, end=0.5, confidence=0.9)
        spoken = self.speaks if self.speaks in among else language
        return Transcript(
            text=text,
            language=spoken,
            confidence=0.9,
            words=(word,),
            no_speech=0.0,
            others=self.others if others else (),
        )


class BrokenEngine:
    def promote(self, samples: NDArray[np.float32]) -> None:
        pass

    async def transcribe(
        self,
        samples: NDArray[np.float32],
        *,
        language: str,
        among: Sequence[str] = (),
        expected: Expected | None = None,
        **about: object,
    ) -> Transcript:
        raise RuntimeError("out of memory")


@dataclass
class TonePrompts:
    """Renders each sentence, once, as a tone of a tenth of a second a word."""

    rendered: list[str] = field(default_factory=list)
    fails: bool = False
    sound: NDArray[np.int16] | None = None
    """What every sentence sounds like; None for the tone."""

    async def speech(self, text: str, language: str, due: Due) -> Speech:
        return at_once(await self.audio(text, language))

    async def audio(self, text: str, language: str) -> NDArray[np.int16]:
        if text not in self.rendered:
            await asyncio.sleep(0.05)
        if self.fails:
            raise RuntimeError("the voice is gone")
        if text not in self.rendered:
            self.rendered.append(text)
        tone = np.full(800 * len(text.split()), LOUD, np.int16)
        return tone if self.sound is None else self.sound


@dataclass
class ParrotBot:
    """Greets, and says what it heard; hangs up on "bye", breaks on "crash"."""

    resumed: list[Entry] = field(default_factory=list)
    language: str = ""
    earlier: list[PastCall] = field(default_factory=list)
    slow: asyncio.Event = field(default_factory=asyncio.Event)

    def greeting(self) -> Reply:
        return Reply(sentences=("Hello, this is a bot.",), events=())

    async def answer(self, words: str, t: float, others: Sequence[str] = ()) -> AsyncGenerator[Reply, None]:
        yield await self.reply(words, t)

    async def reply(self, words: str, t: float) -> Reply:
        if words == "crash":
            raise RuntimeError("broken bot")
        if words == "bye":
            return Reply(
                sentences=("Goodbye.",),
                events=(Decided(action="close", why="the caller said so"),),
                hang_up=True,
            )
        return Reply(
            sentences=(f"You said {words}.", "And what else can I do for you today?"),
            events=(Decided(action="answer", why="a parrot", request=words if words == "balance" else None),),
        )

    def silence(self, t: float) -> Reply:
        return Reply(sentences=("Are you still there?",), events=(Decided(action="ask", why="silence"),))

    def speak(self, language: str) -> None:
        self.language = language

    def know(self, earlier: Sequence[PastCall]) -> None:
        self.earlier.extend(earlier)

    def resume(self, history: Sequence[Entry]) -> Reply:
        self.resumed.extend(history)
        return Reply(sentences=("Where were we?",), events=())

    async def take_back(self, history: Sequence[Entry]) -> Reply:
        self.resumed.extend(history)
        return Reply(sentences=("I take it from here.",), events=())

    def rehearse(self) -> "ParrotBot | None":
        return copy(self)

    async def grasps(self, words: str, others: Sequence[str] = ()) -> float:
        return 0.5

    def acknowledge(self) -> Reply:
        return Reply(sentences=("One moment.",))

    def notes(self) -> tuple[str, ...]:
        return ("Right.", "Okay.")

    @property
    def acted(self) -> bool:
        return False

    def perform(self) -> None:
        """Go on: a parrot changes nothing anywhere."""


@dataclass
class WordTriggers:
    """Fires once when the caller says "agent", or feels angry."""

    fired: bool = False

    def observe(self, event: AnyEvent, t: float) -> Trigger | None:
        asked = isinstance(event, Heard) and event.who == "caller" and "agent" in event.text
        angry = isinstance(event, Felt) and event.anger > 0.5
        if self.fired or not (asked or angry):
            return None
        self.fired = True
        kind = TriggerKind.ASKED if asked else TriggerKind.ANGER
        return Trigger(kind=kind, evidence="the test said so", t=t)

    def asks(self, words: str, language: str) -> str | None:
        return wants_human(words, language)

    def know(self, earlier: Sequence[PastCall]) -> None:
        pass

    def resume(self, history: Iterable[Entry]) -> tuple[Trigger, ...]:
        found = [self.observe(entry.event, entry.t) for entry in history]
        return tuple(trigger for trigger in found if trigger)


class WordMeter:
    """Feels anger in the word "angry"."""

    def measure(self, speech: CallerSpeech) -> Measures:
        return Measures(speech, None)

    def read(self, words: str, language: str, confidence: float) -> Wording:
        return Wording(0.9 if "angry" in words else 0.1, words, ())

    def weigh(self, measures: Measures, said: Wording) -> Felt:
        anger, speech = said.score, measures.speech
        return Felt(anger=anger, voice=None, wording=anger, why=(), start=speech.start, end=speech.end)

    def glimpse(self, measures: Measures) -> Felt | None:
        return None

    def apologised(self) -> None:
        """Know no apologies."""


class EchoAssistant:
    """Answers every turn with its own words."""

    async def answers(self, words: str) -> list[tuple[str, str]]:
        return [(f"about {words}", "an echo")]


@dataclass
class Booth:
    """A worker of stand-ins, on whatever loop runs."""

    script: list[str] = field(default_factory=list)
    engine: Transcribes = None  # type: ignore[assignment]  # set below, from the script
    activity: Callable[[], VoiceActivity] = LoudnessActivity
    prompts: TonePrompts = field(default_factory=TonePrompts)
    bot: ParrotBot = field(default_factory=ParrotBot)
    meter: Callable[[], Feels | None] = WordMeter
    sounds_finished: SoundsFinished | None = None
    load: Load | None = None
    patience: Patience | None = None
    learnt: LineLearnt | None = None
    ready: bool = True
    played: list[str] = field(default_factory=list)
    """Playbooks asked for."""
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.engine = self.engine or ScriptedEngine(self.script)

    def pipeline(self, playbook: str, send: Callable[[str], Awaitable[None]]) -> CallPipeline:
        if playbook == "unknown":
            raise UnknownPlaybookError("There is no playbook 'unknown'.")
        self.played.append(playbook)
        return CallPipeline(
            send=send,
            engine=self.engine,
            activity=self.activity,
            prompts=self.prompts,
            cast=Cast(
                bot=lambda _call, _language, _caller: self.bot,
                triggers=WordTriggers,
                meter=self.meter,
                language=lambda named: named or "en",
                over=lambda: self.learnt,
                assistant=lambda _language, _caller: EchoAssistant(),
            ),
            turn_taking=TurnTaking(),
            clock=LoopClock(),
            languages=self.languages,
            sounds_finished=self.sounds_finished,
            load=self.load,
            patience=self.patience,
        )

    def routing(self, playbook: str) -> dict[str, tuple[str, bool]]:
        return {"fraud_report": ("fraud", True)}

    async def switchboard_prompts(
        self, playbook: str, language: str
    ) -> tuple[str, dict[str, RenderedPrompt]]:
        if playbook == "unknown":
            raise UnknownPlaybookError("There is no playbook 'unknown'.")
        return "tone", {"goodbye": RenderedPrompt("Goodbye.", language or "en", b"\xff\x00")}

    async def ring(self, caller: Caller | bytes) -> Line:
        return await ring(self, caller if isinstance(caller, Caller) else Caller(caller))


E = TypeVar("E", bound=AnyEvent)


def of(line: Line, kind: type[E]) -> list[E]:
    """Return the journal's events of one kind, what was heard of an unfinished turn left out."""
    return [event for event in told(line) if isinstance(event, kind)]


def told(line: Line) -> list[AnyEvent]:
    """Return the journal's events, what was heard of an unfinished turn left out."""
    events = [happening.event for happening in line.journal]
    return [event for event in events if not isinstance(event, Heard) or event.final]


def said(line: Line) -> list[str]:
    return [event.text for event in of(line, Said)]
