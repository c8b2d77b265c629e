from __future__ import annotations

from pathlib import Path

from klantreis.sources.guessing.samples import sample_of

REPORT = (
    "Ordernummer;Datum;E-mail;Bedrag\n"
    "1001;05-01-2026;ann@voorbeeld.nl;35,45\n"
    "1002;06-01-2026;bob@voorbeeld.nl;100,00\n"
    "Totaal januari;;;135,45\n"
    "1003;05-02-2026;cas@voorbeeld.nl;12,00\n"
    "Totaal februari;;;12,00\n"
)


def test_totals_between_the_rows_are_no_values_to_guess_from(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text(REPORT, encoding="utf-8")
    sample = sample_of(file)
    assert sample.columns["Ordernummer"] == ["1001", "1002", "1003"]
    assert sample.columns["Bedrag"] == ["35,45", "100,00", "12,00"]
    assert sample.rows == 3
