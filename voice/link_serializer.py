"""The voice link in pipecat's frames: the carrier's media-stream messages and our own beside them.

Message formats: https://www.twilio.com/docs/voice/media-streams/websocket-messages. What is malformed
raises `LinkError` with a sentence that quotes nothing of the message: it may hold what a caller said.
"""

import base64
import binascii
from typing import Literal

import msgspec
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.audio.utils import pcm_to_ulaw, ulaw_to_pcm
from pipecat.frames.frames import EndFrame, Frame, InputAudioRawFrame, InputDTMFFrame
from pipecat.serializers.twilio import TwilioFrameSerializer

from voice.frames import (
    AgentAudioFrame,
    AsideFrame,
    CallStartFrame,
    CallTime,
    HangUpFrame,
    JournalFrame,
    MarkFrame,
    PlayedFrame,
    StateFrame,
    TakeoverFrame,
    WishFrame,
)
from voice.hearing.resampling import DoublingResampler
from voice.journal import link
from voice.journal.clock import Clock

LINE_RATE = 8_000
EAR_RATE = 16_000
MAX_MESSAGE = 4_000_000
"""Longest message in characters; a state with the history of a long call is the largest there is."""
MAX_AUDIO = 16_000
"""Longest audio of one message in bytes: two seconds, a hundred times the usual 20 ms."""


class LinkError(ValueError):
    """A message of the link cannot be used."""


class _Message(msgspec.Struct, frozen=True, tag_field="event", rename="camel"):
    """A media-stream message; fields we do not use are ignored."""


class _Connected(_Message, frozen=True, tag="connected"):
    pass


class _StartDetails(msgspec.Struct, frozen=True, rename="camel"):
    call_sid: str = ""
    custom_parameters: dict[str, str] = {}


class _Start(_Message, frozen=True, tag="start"):
    stream_sid: str
    start: _StartDetails


class _Audio(msgspec.Struct, frozen=True):
    payload: str
    track: Literal["inbound", "outbound"] = "inbound"


class _Media(_Message, frozen=True, tag="media"):
    media: _Audio


class _MarkName(msgspec.Struct, frozen=True):
    name: str


class _Mark(_Message, frozen=True, tag="mark"):
    mark: _MarkName


class _Digit(msgspec.Struct, frozen=True):
    digit: str


class _Dtmf(_Message, frozen=True, tag="dtmf"):
    dtmf: _Digit


class _Stop(_Message, frozen=True, tag="stop"):
    pass


class _Event(msgspec.Struct, frozen=True):
    event: str


_stream = msgspec.json.Decoder(_Connected | _Start | _Media | _Mark | _Dtmf | _Stop)
_event = msgspec.json.Decoder(_Event)


class LinkSerializer(TwilioFrameSerializer):
    """Twilio's serializer for 16 kHz ears and our own messages; it never hangs a call up.

    Its resamplers are of low delay and keep their state however far apart the frames come.

    Args:
        clock: tells the call's seconds from the start of the stream on.
    """

    def __init__(self, clock: Clock) -> None:
        params = TwilioFrameSerializer.InputParams(
            sample_rate=EAR_RATE, auto_hang_up=False, resampler_clear_after_secs=None
        )
        super().__init__(stream_sid="", params=params)
        self._clock = clock
        self._started = False
        self._caller_resampler = DoublingResampler()
        self._agent_resampler = DoublingResampler()

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Return the frame a message stands for; None where it asks nothing of the pipeline.

        Raises:
            LinkError: the message is malformed, unknown, too long or out of order.
        """
        if len(data) > MAX_MESSAGE:
            raise LinkError(f"A message of {len(data)} characters; at most {MAX_MESSAGE} are taken.")
        try:
            event = _event.decode(data).event
            if event == "state":
                return StateFrame(link.to_worker.decode(data))
            message = _stream.decode(data)
        except msgspec.MsgspecError as error:
            raise LinkError(f"Not a message of the voice link: {error}.") from None
        return await self._frame(message)

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Return the message a frame stands for; None where the link has none for it."""
        if (ours := await self._ours(frame)) is not None:
            return link.encode(ours)
        if isinstance(frame, MarkFrame):
            return msgspec.json.encode(
                {"event": "mark", "streamSid": self._stream_sid, "mark": {"name": frame.mark}}
            ).decode()
        return await super().serialize(frame)

    async def _ours(self, frame: Frame) -> link.FromWorker | None:
        sid = self._stream_sid
        match frame:
            case JournalFrame():
                return link.JournalMessage(stream_sid=sid, t=round(frame.t, 3), n=frame.n, entry=frame.event)
            case TakeoverFrame():
                audio = await self._spoken(frame.audio)
                return link.TakeoverMessage(
                    stream_sid=sid, triggers=frame.triggers, brief=frame.brief, audio=audio
                )
            case WishFrame():
                return link.WishMessage(stream_sid=sid, wish=frame.wish)
            case AsideFrame():
                return link.AsideMessage(stream_sid=sid)
            case HangUpFrame():
                return link.HangUpMessage(stream_sid=sid, reason=frame.reason)
            case _:
                return None

    async def _frame(self, message: _Message) -> Frame | None:
        match message:
            case _Media(media):
                return await self._audio(media)
            case _Start():
                return self._start(message)
            case _Mark(mark):
                return PlayedFrame(mark.name)
            case _Dtmf(dtmf):
                return _key(dtmf.digit)
            case _Stop():
                return EndFrame()
            case _:
                return None

    async def _audio(self, media: _Audio) -> Frame:
        if not self._started:
            raise LinkError("Audio before the start message.")
        try:
            mulaw = base64.b64decode(media.payload, validate=True)
        except (binascii.Error, ValueError):
            raise LinkError("Audio that is not base64.") from None
        if len(mulaw) > MAX_AUDIO:
            raise LinkError(f"{len(mulaw)} bytes of audio in one message; at most {MAX_AUDIO} are taken.")
        if media.track == "outbound":
            pcm = await ulaw_to_pcm(mulaw, LINE_RATE, EAR_RATE, self._agent_resampler)
            return AgentAudioFrame(audio=pcm, sample_rate=EAR_RATE, num_channels=1)
        pcm = await ulaw_to_pcm(mulaw, LINE_RATE, EAR_RATE, self._caller_resampler)
        return InputAudioRawFrame(audio=pcm, sample_rate=EAR_RATE, num_channels=1)

    def _start(self, message: _Start) -> CallStartFrame:
        if self._started:
            raise LinkError("A second start message.")
        given = message.start.custom_parameters
        try:
            t0 = float(given.get("t0", "0"))
        except ValueError:
            raise LinkError("The start message's parameter t0 is no number of seconds.") from None
        self._started = True
        self._stream_sid = message.stream_sid
        return CallStartFrame(
            call=given.get("call") or message.start.call_sid or message.stream_sid,
            playbook=given.get("playbook", ""),
            language=given.get("language", ""),
            caller=given.get("caller", ""),
            t0=t0,
            time=CallTime(self._clock, self._clock.now() - t0),
        )

    async def _spoken(self, pcm: bytes) -> str:
        if not pcm:
            return ""
        mulaw = await pcm_to_ulaw(pcm, LINE_RATE, LINE_RATE, self._output_resampler)
        return base64.b64encode(mulaw).decode()


def _key(digit: str) -> Frame:
    try:
        return InputDTMFFrame(button=KeypadEntry(digit))
    except ValueError:
        raise LinkError("A key no telephone has.") from None
