from __future__ import annotations

from pathlib import Path

from tests.web.shop import make_workspace
from typer.testing import CliRunner

from klantreis.cli.app import app

runner = CliRunner()


def test_worth_tells_what_came_true_and_what_it_may_be_used_for(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    make_workspace(folder).close()

    def told(*options: str) -> str:
        result = runner.invoke(app, ["worth", str(folder), *options])
        assert result.exit_code == 0, result.output
        return result.output

    english = told("--language", "en")
    assert "- Purchases: foretold well. 1,145 foretold, 1,156 came: 1% too few" in english
    assert "- Revenue: foretold well. €41,261 foretold, €43,103 came: 4% too low" in english
    assert "- Who will bring in most: foretold well." in english
    assert "So plan with the amounts, and choose customers by them." in english
    assert "Dus: plan met de bedragen" in told("--language", "nl")
    outcomes = told("--language", "en", "--check", "accuracy")
    assert outcomes.count(" good") == 3
    assert "own_mixed" in told("--check", "order_amount")
