"""Keeps pipecat quiet."""

from voice import logs

logs.to_stderr("ERROR")
