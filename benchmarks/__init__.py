"""The figures the README quotes, each beside its peer's: `python -m benchmarks.NAME [--quick]`."""
