from __future__ import annotations

from pathlib import Path

from tests.web.shop import make_workspace
from typer.testing import CliRunner

from klantreis.cli.app import app

runner = CliRunner()


def test_segments_are_listed_compared_and_followed(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    make_workspace(folder).close()

    def told(*options: str) -> str:
        result = runner.invoke(app, ["segments", str(folder), "--language", "en", *options])
        assert result.exit_code == 0, result.output
        return result.output

    assert "champions" in told()
    assert "Online and in stores" in told("--division", "channel")
    assert "Times as usual" in told("--against", "audience")
    assert "Had not bought yet" in told("--since", "2001-01-01")
    dutch = runner.invoke(app, ["segments", str(folder), "--division", "channel"]).output
    assert "Betekenis" in dutch
    assert "Kijkt, koopt (nog) niet" in dutch
    small = runner.invoke(app, ["segments", str(folder), "--like", "rfm.at_risk"])
    assert small.exit_code != 0
    assert "Too few customers" in str(small.exception)
    wrong = runner.invoke(app, ["segments", str(folder), "--since", "yesterday"])
    assert "This is no day" in str(wrong.exception)
