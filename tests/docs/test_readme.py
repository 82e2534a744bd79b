"""What the README shows is what there is."""

from __future__ import annotations

import re

from tests.places import DEFINITIONS, ROOT
from workflow.source.text import Mapping, parse

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_readme_shows_the_example_as_it_is_shipped() -> None:
    """The definition in the README is the file that its Python deploys."""
    shipped = (DEFINITIONS / "examples" / "penawaran.yaml").read_text(encoding="utf-8")
    assert _block("yaml") == shipped
    assert "definitions/examples/penawaran.yaml" in _block("python")


def test_readme_tells_how_many_scenarios_are_shipped() -> None:
    """The number of scenarios is that of the file."""
    text = (DEFINITIONS / "ksdd.scenarios.yaml").read_text(encoding="utf-8")
    scenarios = parse(text, file="ksdd.scenarios.yaml").root
    assert isinstance(scenarios, Mapping)
    shipped = scenarios.get("scenarios")
    assert isinstance(shipped, Mapping)
    assert f"[{len(shipped.entries)} scenarios](definitions/ksdd.scenarios.yaml)" in README


def test_readme_errors_are_those_that_the_program_gives() -> None:
    """The texts of its transcripts are in the catalogue, and the slip is reported as shown."""
    from engine.files import DefinitionResolver
    from workflow.loading.loader import load_definition
    from workflow.source.renderers import render_text

    slip = _block("yaml").replace("[mitra.kepala_daerah], to", "[mitra.kepala_derah], to")
    loaded = load_definition((slip, "salah.yaml"), resolve=DefinitionResolver(DEFINITIONS))
    errors = [one for one in loaded.diagnostics if one.code == "unknown-role"]
    shown = render_text(errors, {"salah.yaml": slip}).rsplit("\n\n", 1)[0]
    assert shown.strip() in README
