"""Texts of `kerjasama test`: what came of scenarios, and what they covered."""

from __future__ import annotations

from workflow.locale import register

_SAID = {
    "ok": ("ok", "lulus"),
    "failed": ("FAILED", "GAGAL"),
    "step": ("step {step} of {steps}, {on}: {act}", "langkah {step} dari {steps}, {on}: {act}"),
    "expected": ("expected", "diharapkan"),
    "found": ("found", "ditemukan"),
    "state": ("state", "keadaan"),
    "available": ("available", "dapat diminta"),
    "nothing": ("nothing", "tidak ada"),
    "count": (
        "{count} scenarios: {ok} ok, {failed} failed.",
        "{count} skenario: {ok} lulus, {failed} gagal.",
    ),
    "covered": ("{count} of {total}", "{count} dari {total}"),
    "coverage": ("Coverage of {workflow}", "Cakupan {workflow}"),
    "states": ("states", "keadaan"),
    "transitions": ("transitions", "transisi"),
    "acts": ("other acts", "tindakan lain"),
    "branches": ("branches", "cabang"),
    "rules": ("rules", "aturan"),
    "clocks": ("clocks", "tenggat"),
    "without": ("not covered:", "belum tercakup:"),
}

_PROBLEMS = {
    "no-scenarios": (
        "There is no scenario file (*.scenarios.yaml) in {files}.",
        "Tidak ada file skenario (*.scenarios.yaml) di {files}.",
    ),
    "no-such-scenario": (
        "There is no scenario '{name}'; there are: {names}",
        "Tidak ada skenario '{name}'; yang ada: {names}",
    ),
}

register(
    {
        **{f"cli.test.{name}": {"en": en, "id": id_} for name, (en, id_) in _SAID.items()},
        **{f"cli.problem.{name}": {"en": en, "id": id_} for name, (en, id_) in _PROBLEMS.items()},
    }
)
