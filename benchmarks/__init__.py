"""The figures the README quotes, each beside its peer's: `python -m benchmarks.NAME [--quick]`."""

import voice as voice  # before NumPy, whose threads it sets as the worker has them
