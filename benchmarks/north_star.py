"""The whole way, from raw exports to finished tables, at three sizes, beside floors and a peer.

    python benchmarks/north_star.py --sizes 20000 100000 1000000 --work benchmarks/work

Each size: simulate (not measured against anything), import, run; then the two floors and the three
questions in processes of their own. Results go to benchmarks/results/<size>.json; `compare.py`
makes the tables of benchmarks/README.md from them.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from klantreis import Workspace
from klantreis.runner import Finished
from measuring import Measured, in_own_process, measured

HERE = Path(__file__).parent


@dataclass
class Pieces:
    """Progress that keeps time and memory of each piece."""

    kept: list[dict[str, Any]] = field(default_factory=list)

    def begin(self, activity: str, pieces: int) -> None:
        self._activity = activity

    def started(self, name: str) -> None:
        self._watch = measured()
        self._measured: Measured = self._watch.__enter__()

    def finished(self, piece: Finished) -> None:
        self._watch.__exit__(None, None, None)
        self.kept.append(
            {
                "activity": self._activity,
                "name": piece.name,
                "rows": piece.rows,
                "seconds": piece.seconds,
                "peak_bytes": self._measured.peak_bytes,
                "is_reused": piece.is_reused,
            }
        )


def work_through(folder: Path) -> dict[str, Any]:
    """Import and run a workspace, from nothing derived."""
    shutil.rmtree(folder / ".klantreis", ignore_errors=True)
    pieces = Pieces()
    with Workspace.open(folder) as workspace:
        with measured() as importing:
            workspace.import_exports(progress=pieces)
        with measured() as running:
            workspace.run(progress=pieces)
        with measured() as again:
            workspace.import_exports()
            workspace.run()
    return {
        "import": vars(importing),
        "run": vars(running),
        "nothing_new": vars(again),
        "pieces": pieces.kept,
    }


def one_size(customers: int, work: Path) -> dict[str, Any]:
    folder = work / f"shop-{customers}"
    if not (folder / "klantreis.toml").exists():
        klantreis = Path(sys.executable).with_name("klantreis")
        subprocess.run(
            [klantreis, "simulate", str(folder), "--customers", str(customers)], check=True
        )
    result = in_own_process(Path(__file__), "--only", str(folder))
    result["exports_bytes"] = sum(
        file.stat().st_size for file in (folder / "exports").rglob("*") if file.is_file()
    )
    result["floors"] = in_own_process(HERE / "floors.py", str(folder))
    for who in ("ours", "pandas", "pandas_with_categories"):
        result[who] = in_own_process(HERE / "three_questions.py", str(folder), who)
    result["portrait_page"] = in_own_process(HERE / "portrait_page.py", str(folder))
    return result | {"customers": customers, "python": platform.python_version()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--work", type=Path, default=HERE / "work")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(work_through(options.only)))
        return
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    for customers in options.sizes:
        result = one_size(customers, options.work)
        (results / f"{customers}.json").write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
