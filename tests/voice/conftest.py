"""Keeps pipecat quiet: imported before it, our logging takes over from its own."""

from voice import logs

__all__ = ["logs"]
