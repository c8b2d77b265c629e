"""What must hold for the whole house: names, documents and doors are complete."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import klantreis
from klantreis import registry
from klantreis.pipeline import STEPS
from klantreis.reference import RETENTION_MEANINGS, SETTING_MEANINGS, pages
from klantreis.registry import GROUPS
from klantreis.runner.decisions import DECISIONS
from klantreis.settings import OWN_SECTIONS, Retention, Settings
from klantreis.state import HOLDS
from klantreis.state.models import Base
from klantreis.tables import SOURCE_TABLES, TABLES
from tests.conftest import ROOT

MODULES = [
    module.name
    for module in pkgutil.walk_packages(klantreis.__path__, "klantreis.")
    if ".migrations" not in module.name
]


@pytest.mark.parametrize("name", MODULES)
def test_public_names_exist(name: str) -> None:  # that they are sorted is ruff's RUF022
    module = import_module(name)
    assert all(hasattr(module, member) for member in getattr(module, "__all__", []))


def test_every_table_is_brought_by_sources_or_made_by_exactly_one_step() -> None:
    made = [step.name for step in STEPS]
    assert len(set(made)) == len(made)
    assert set(made) | set(SOURCE_TABLES) == set(TABLES)


def test_every_step_lives_in_the_room_that_its_contract_names() -> None:
    for step in STEPS:
        assert step.function.__module__.startswith(f"klantreis.{step.room}."), step.name


def test_steps_read_only_what_was_made_before_them_and_ask_only_for_what_there_is() -> None:
    there = set(SOURCE_TABLES)
    for step in STEPS:
        assert set(step.reads) <= there, step.name
        known = {"engine", "portion", "as_of", "kept_as_of", *vars(Settings()), *GROUPS, *DECISIONS}
        assert set(step.asks) <= known, step.name
        there.add(step.name)


@pytest.mark.parametrize("name", pages())
def test_reference_pages_are_those_that_the_code_makes(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run: make docs"


def test_every_setting_has_a_meaning() -> None:
    assert set(SETTING_MEANINGS) == set(vars(Settings())) - set(OWN_SECTIONS)
    assert set(RETENTION_MEANINGS) == set(vars(Retention()))


def test_every_connector_has_a_page() -> None:
    index = (ROOT / "docs" / "sources" / "README.md").read_text(encoding="utf-8")
    for name in registry.names("sources"):
        assert (ROOT / "docs" / "sources" / f"{name}.md").exists(), name
        assert f"{name}.md" in index, name


def test_every_room_and_command_is_named_in_the_documents() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {
        p.name.removesuffix(".py")
        for p in Path(klantreis.__path__[0]).iterdir()
        if p.suffix in ("", ".py")
    }
    for room in rooms - {"__init__", "__pycache__"}:
        assert re.search(rf"`{room}(/|\.py)?`", architecture), room
    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for file in (Path(klantreis.__path__[0]) / "cli").glob("*.py"):
        if "NAME = " in file.read_text(encoding="utf-8"):
            assert f"klantreis {file.stem.rstrip('_')}" in commands, file.stem


def test_links_in_documents_lead_somewhere() -> None:
    for document in [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/*/*.md"),
        *ROOT.glob("benchmarks/*.md"),
    ]:
        for target in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import klantreis, sys; print([m for m in ('ibis', 'duckdb', 'fastapi', 'pandas') if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 600


def test_every_table_of_the_state_says_what_it_holds_of_customers() -> None:
    held = {mapper.class_.__name__: mapper.class_.holds for mapper in Base.registry.mappers}
    assert {name for name, holds in held.items() if holds not in HOLDS} == set(), (
        "state it as `holds` on the table's class: access, erasure and proof go by it"
    )
