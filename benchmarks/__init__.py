"""The figures the README quotes, each with its peer in the same run: `python -m benchmarks.NAME [--quick]`."""
