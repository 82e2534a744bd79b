"""Slips in a fragment: what is offered instead of a name that means nothing."""

from __future__ import annotations

import pytest

from engine.files import TextResolver
from tests.definitions import write
from workflow.loading.loader import load_definition
from workflow.source.diagnostics import Severity

SIGNED = """\
format: 1
fragment: tanda
parameters:
  penanda: {type: role}
  berkas: {type: documents}
  jalur: {type: condition}
initial: menunggu
states:
  menunggu:
    transitions:
      tanda: {by: [WHO], documents: {present: DOCUMENTS}, choose: [{when: WAY, to: sah}, {to: TARGET}]}
  sah: {final: true}
  batal: {final: true}
"""


def _helps(text: str, **slips: str) -> list[str]:
    meant = {"WHO": "$penanda", "DOCUMENTS": "$berkas", "WAY": "$jalur", "TARGET": "batal"} | slips
    for word, value in meant.items():
        text = text.replace(word, value)
    host = write(
        "documents: {kak: {title: KAK}}\nfields: {cepat: {type: boolean}}",
        opening="open: {by: [opd], fields: {required: [cepat]}, documents: {attach: [kak]}, to: tanda}",
        states="tanda: {use: fragments/tanda.yaml, with: {penanda: ketua, berkas: [kak], jalur: cepat},"
        " exits: {sah: selesai, batal: selesai}}\nselesai: {final: true, outcome: x}\n",
    )
    files = TextResolver({"fragments/tanda.yaml": text})
    loaded = load_definition((host, "contoh.yaml"), resolve=files)
    return [one.help_in("en") or "" for one in loaded.diagnostics if one.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("slip", "written", "meant"),
    [
        ("WHO", "penanda", "did you mean '$penanda'?"),
        ("DOCUMENTS", "[berkas]", "did you mean '$berkas'?"),
        ("WAY", "jalur", "Did you mean `$jalur`?"),
    ],
)
def test_name_of_a_parameter_without_its_dollar_offers_it(slip: str, written: str, meant: str) -> None:
    """Whoever forgets the '$' of a parameter is told of the parameter, not of everything else there is."""
    assert _helps(SIGNED) == []
    assert _helps(SIGNED, **{slip: written}) == [meant]


def test_names_offered_in_a_fragment_read_alone_are_those_of_its_file() -> None:
    """What the loader makes up around a fragment is offered to nobody."""
    text = SIGNED.replace("WHO", "$penanda").replace("DOCUMENTS", "$berkas").replace("WAY", "$jalur")
    loaded = load_definition((text.replace("TARGET", "tidak"), "tanda.yaml"), resolve=TextResolver({}))
    helps = [one.help_in("en") for one in loaded.diagnostics if one.code == "unknown-state"]
    assert helps == ["there are: menunggu, sah, batal"]
