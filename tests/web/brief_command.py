"""The command line, with runs that only make who is who and the portraits: seconds instead of many."""

from __future__ import annotations

from klantreis import Workspace
from klantreis.cli import main
from tests.brief import run_briefly

if __name__ == "__main__":
    setattr(Workspace, "_make_tables", run_briefly)  # noqa: B010  # as the fixture `brief_runs`
    main()
