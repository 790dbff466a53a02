"""The voice worker: hearing, feeling, answering, speaking, and knowing when to give way."""

import os

# NumPy's OpenBLAS waits for its threads by spinning: on products as small as ours that doubles the CPU of a
# call and takes it from the others. It reads this once, when NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
