"""Takes exports in and runs the pipeline: what changed, once, and published all together."""

from klantreis.runner.importing import Import, Imported, Problem
from klantreis.runner.layers import read_layers
from klantreis.runner.progress import Finished, Progress, Quiet
from klantreis.runner.stepping import Run
from klantreis.runner.store import Store
from klantreis.runner.taking_back import TakenBack, take_back

__all__ = [
    "Finished",
    "Import",
    "Imported",
    "Problem",
    "Progress",
    "Quiet",
    "Run",
    "Store",
    "TakenBack",
    "read_layers",
    "take_back",
]
