"""The sentence encoders there are, and the shelf for what examples teach with them."""

from collections.abc import Callable

from voice.dialogue.learnt import Encoders, Shelf
from voice.dialogue.understanding import Understanding
from voice.fixed_sentences import playbooks
from voice.models.location import sentence_model
from voice.models.multilingual import EDITION, multilingual_encoder
from voice.models.remembered import Remembered
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import VoiceSettings


def open_encoders(settings: VoiceSettings) -> tuple[Encoders, Shelf]:
    """Load the encoders. Blocks a second.

    Raises:
        MissingModel: the English encoder is not prepared.
    """
    english = SentenceEncoder(sentence_model(settings))
    multilingual = multilingual_encoder(settings.cache)
    encoders = Encoders(Remembered(english.embed), multilingual and Remembered(multilingual))
    name = f"{english.name}-{EDITION if encoders.multilingual else 'alone'}"
    return encoders, Shelf(settings.cache / "learnt", name)


def learn_all(settings: VoiceSettings, progress: Callable[[float], None]) -> None:
    """Have what the examples of every playbook teach learnt and kept, so that a worker starts at once.

    Raises:
        PlaybookError: a playbook cannot be used.
        MissingModel: the English encoder is not prepared.
        OSError: the cache cannot be written.
    """
    encoders, shelf = open_encoders(settings)
    books = playbooks(settings)
    for place, book in enumerate(books.values(), start=1):
        Understanding(book, encoders, shelf)
        progress(place / len(books))
