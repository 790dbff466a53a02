"""The sentence encoders there are, and the shelf for what examples teach with them."""

from voice.dialogue.learnt import Encoders, Shelf
from voice.models.location import sentence_model
from voice.models.multilingual import EDITION, multilingual_encoder
from voice.models.sentence_encoder import SentenceEncoder
from voice.settings import VoiceSettings


def open_encoders(settings: VoiceSettings) -> tuple[Encoders, Shelf]:
    """Load the encoders. Blocks a second.

    Raises:
        MissingModel: the English encoder is not prepared.
    """
    english = SentenceEncoder(sentence_model(settings))
    encoders = Encoders(english.embed, multilingual_encoder())
    name = f"{english.name}-{EDITION if encoders.multilingual else 'alone'}"
    return encoders, Shelf(settings.cache / "learnt", name)
