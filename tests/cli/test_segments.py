from __future__ import annotations

from pathlib import Path

from tests.web.shop import make_workspace
from typer.testing import CliRunner

import klantreis
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


def test_where_nobody_bought_the_division_of_everybody_is_listed(tmp_path: Path) -> None:
    """A mailing list alone has no RFM groups, which the command otherwise shows."""
    klantreis.Workspace.create(tmp_path, locale="en").close()
    file = tmp_path / "exports" / "letter" / "people.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Relatienr;E-mail\n1;ann@a.nl\n2;bob@b.nl\n3;cor@c.nl\n", encoding="utf-8")
    mapping = tmp_path / "mappings" / "letter.toml"
    guess = ["guess", str(tmp_path), str(file), "--output", str(mapping)]
    assert runner.invoke(app, guess).exit_code == 0
    settings = tmp_path / "klantreis.toml"
    section = '[sources.letter]\nconnector = "mapping"\nmapping = "mappings/letter.toml"\n'
    settings.write_text(f"{settings.read_text()}\n{section}", encoding="utf-8")
    with klantreis.Workspace.open(tmp_path) as workspace:
        workspace.import_and_run()
    result = runner.invoke(app, ["segments", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "known_only" in result.output
    asked = runner.invoke(app, ["segments", str(tmp_path), "--division", "rfm"])
    assert "No such division" in str(asked.exception)
