"""The models that run on this machine: where they are, and the command that prepares them."""

from voice.models.command import models
from voice.models.location import MissingModel, sentence_model, voice_files, whisper_weights

__all__ = ["MissingModel", "models", "sentence_model", "voice_files", "whisper_weights"]
