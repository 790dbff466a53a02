"""Makes `stand_ins` importable from the folders below, and keeps pipecat quiet."""

from voice import logs

logs.to_stderr("ERROR")
