from __future__ import annotations

from pathlib import Path

import pytest

from klantreis.errors import SettingsError
from klantreis.settings import IdentifierSettings, RfmLimits, Settings, read_settings


def written(folder: Path, text: str) -> Path:
    (folder / "klantreis.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()


def test_sources_keep_what_their_connector_understands(tmp_path: Path) -> None:
    text = """
    [workspace]
    name = "Huis"
    lapse_days = 45
    [sources.kassa]
    connector = "till"
    time_zone = "Europe/Brussels"
    """
    settings = read_settings(written(tmp_path, text))
    assert (settings.name, settings.lapse_days) == ("Huis", 45)
    assert settings.sources["kassa"].connector == "till"
    assert settings.sources["kassa"].options == {"time_zone": "Europe/Brussels"}


def test_a_kind_of_identifier_may_have_rules_of_its_own(tmp_path: Path) -> None:
    text = "[identity.loyalty_card]\nunique = true\nlimit = 9\njunk = ['^2999']\npriority = 5"
    settings = read_settings(written(tmp_path, text))
    assert settings.identifier_rules == {
        "loyalty_card": IdentifierSettings(unique=True, limit=9, junk=("^2999",), priority=5)
    }


def test_the_scores_of_rfm_may_have_limits_of_their_own(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, "[rfm]\ndays = [30, 90, 180, 365]"))
    assert settings.rfm_limits == RfmLimits(days=(30, 90, 180, 365))


def test_a_file_saved_by_an_editor_of_windows_is_read(tmp_path: Path) -> None:
    text = '\ufeff[workspace]\r\nname = "Café"\r\nglobal_holdout = 0\r\n'
    settings = read_settings(written(tmp_path, text))
    assert (settings.name, settings.global_holdout) == ("Café", 0.0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[rfm]\nmoney = [1, 2, 3, 4]", "got money; allowed: days, orders, amount"),
        ("[rfm]\norders = [2, 3, 5]", r"orders in .rfm.*got .2, 3, 5.; allowed: four numbers"),
        ("[rfm]\norders = [2, 3, 3, 5]", "each higher than the one before"),
        (
            "[rfm]\ndays = [30, 90, 180, 800]",
            "got 800; allowed: at most rfm_window_days, which is 730",
        ),
        ("[workspace", "Not valid TOML"),
        ("name = 'x'", "got name = ...; allowed: .workspace., .sources."),
        (
            "[source.shopify]\nconnector = 'shopify'",
            "got .source.; allowed: .workspace., .sources.",
        ),
        ("rfm = 3", "got rfm = 3; allowed: .rfm. on a line of its own"),
        ("[sources]\nkassa = 'till'", "got kassa = 'till'; allowed: .sources.kassa. on a line"),
        ("[workspace]\nsession_minutes = 0", "session_minutes in .*got 0; allowed: from 1 on"),
        ("[workspace]\nquiet_from_hour = 25", "quiet_from_hour.*got 25; allowed: from 0 to 24"),
        ("[workspace]\nglobal_holdout = 5", "global_holdout.*got 5.0; allowed: from 0 to 1"),
        ("[workspace]\nas_of = 'gisteren'", "as_of.*got 'gisteren'; allowed: a date or moment"),
        (
            "[workspace]\nas_of = '2026-01-31T10:00+02:00'",
            "as_of.*allowed: a date or moment in UTC",
        ),
        ("[workspace]\nnaam = 'x'", "got naam; allowed: name"),
        ("[workspace]\nlapse_days = '60'", "lapse_days.*got '60'; allowed: a value such as 60"),
        ("[workspace]\ntime_zone = 'Amsterdam'", "got 'Amsterdam'.*Europe/Amsterdam"),
        ("[identity.fax]\nlimit = 2", "got fax; allowed: sections .*loyalty_card"),
        ("[identity]\nemail = 2", "got email; allowed: sections"),
        ("[identity.email]\nmaximum = 2", "identity.email.*got maximum; allowed: unique"),
        (
            "[identity.email]\nlimit = 0",
            "limit in .identity.email.*got 0; allowed: a number from 1",
        ),
        ("[identity.email]\nunique = 'yes'", "unique in .*got 'yes'; allowed: true or false"),
        ("[identity.email]\npriority = 0", "priority in .*got 0; allowed: a number from 1 on"),
        ("[identity.cookie]\npriority = 1", "got priority; allowed: unique, limit, junk"),
        ("[identity.email]\njunk = ['[']", "junk in .*allowed: a list of patterns"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(
    tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint):
        read_settings(written(tmp_path, text))
