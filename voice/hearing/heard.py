"""A transcript as the journal tells of it: seconds of the call, and nothing that may not be written down."""

from voice.hearing.transcript import Transcript
from voice.journal.events import Heard, Party, Word
from voice.journal.redaction import redacted


def heard_of(
    who: Party, transcript: Transcript, *, begin: float, start: float, end: float, final: bool = True
) -> Heard | None:
    """Return what was heard, or None where there were no words.

    Args:
        who: said it.
        transcript: of the clip.
        begin: second of the call at which the clip begins.
        start: second at which the speech in it does.
        end: second at which the speech ends.
        final: the turn is over.
    """
    if not transcript.text.strip():
        return None
    heard = Heard(
        who=who,
        text=transcript.text.strip(),
        start=round(start, 3),
        end=round(end, 3),
        confidence=transcript.confidence,
        language=transcript.language,
        final=final,
        others=transcript.others,
        words=tuple(
            Word(
                text=word.text,
                start=round(begin + word.start, 3),
                end=round(begin + word.end, 3),
                confidence=word.confidence,
            )
            for word in transcript.words
        ),
    )
    return redacted(heard)
