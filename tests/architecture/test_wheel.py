"""The wheel carries what a checkout has: packages, definitions, types, licence."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.places import ROOT

SHIPPED = ("workflow", "engine", "kerjasama", "definitions")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, so that nothing is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    out = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(out), str(source)])
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed in it, apart from the checkout."""
    site = tmp_path_factory.mktemp("site")
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)])
    return site


def _run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.mark.slow
def test_wheel_carries_every_source_file(wheel: Path) -> None:
    """Every module, definition and marker of the checkout is in the wheel, and no test is."""
    wanted = {
        str(path.relative_to(ROOT))
        for name in SHIPPED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {f"definitions/{name}" for name in ("fragments/dprd.yaml", "lists/provinsi.yaml")} <= wanted
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - inside == set()
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in inside)


@pytest.mark.slow
def test_wheel_installed_finds_its_definitions(installed: Path, tmp_path: Path) -> None:
    """The installed wheel checks its own definitions and plays their scenarios, far from any checkout."""
    code = (
        "import sys, pathlib; from importlib.resources import files\n"
        "import kerjasama, engine.cli\n"
        "place = pathlib.Path(str(files('definitions')))\n"
        f"assert place.is_relative_to({str(installed)!r}), place\n"
        f"assert pathlib.Path(engine.cli.__file__).is_relative_to({str(installed)!r})\n"
        "for command in ('check', 'test'):\n"
        "    try: engine.cli.main([command, str(place)])\n"
        "    except SystemExit as stop: assert not stop.code, command\n"
    )
    _run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(installed), "PATH": ""})


@pytest.mark.slow
def test_wheel_installed_runs_the_demonstration(installed: Path, tmp_path: Path) -> None:
    """The installed wheel carries a whole cooperation to its end, far from any checkout."""
    code = "import engine.cli; engine.cli.main(['demo', '--lang', 'en'])"
    told = _run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(installed), "PATH": ""})
    assert "nothing speaks against them" in told
    assert (tmp_path / "demo.db").exists()
