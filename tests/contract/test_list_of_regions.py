"""The list of regions that the example makes from the ministry's table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import run
from tests.places import ROOT

PROGRAM = ROOT / "examples" / "list_of_regions.py"
DEFINITION = """\
format: 1
workflow: contoh
version: 1
title: {id: Contoh, en: Example}
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: {id: Perangkat daerah, en: Agency}}}
fields:
  mitra: {type: choice, list: lists/daerah.yaml, many: true, title: {id: Mitra, en: Partners}}
open: {by: [opd], fields: {required: [mitra]}, to: selesai}
states:
  selesai: {final: true, outcome: selesai, title: {id: Selesai, en: Done}}
"""


def _made(table: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROGRAM), str(table)], capture_output=True, text=True, check=False
    )


def test_list_of_every_region_is_read_and_chosen_from(vectors: Path, tmp_path: Path) -> None:
    """All 38 provinces and 514 regencies and cities become choices of a definition without a finding."""
    done = _made(vectors / "indonesia" / "wilayah_level_1_2.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 5 + 38 + 514
    assert (
        '  kota_samarinda: {title: "Kota Samarinda", group: provinsi_kalimantan_timur}    # 64.72'
        in done.stdout
    )
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "daerah.yaml").write_text(done.stdout, encoding="utf-8")
    (tmp_path / "contoh.yaml").write_text(DEFINITION, encoding="utf-8")
    files = [str(tmp_path / "contoh.yaml"), str(tmp_path / "lists" / "daerah.yaml")]
    assert run("check", "--strict", *files, "--lang", "en").out == "no problems found\n"


@pytest.mark.parametrize("row", ["64.02,Kota Samarinda", "65.71,Kota Tarakan"])
def test_list_that_would_be_wrong_is_not_made(row: str, tmp_path: Path) -> None:
    """Two regions of one name, and a region whose province is missing, are said and not listed."""
    table = tmp_path / "wilayah.csv"
    table.write_text(f"kode,nama\n64,Kalimantan Timur\n64.72,Kota Samarinda\n{row}\n", encoding="utf-8")
    done = _made(table)
    assert done.returncode == 1
    assert row.partition(",")[0] in done.stderr
