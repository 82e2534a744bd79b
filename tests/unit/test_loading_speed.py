"""A long definition is loaded while an editor waits."""

from __future__ import annotations

from time import process_time

from tests.definitions import load, write

PHASE = """\
s{0}:
  title: {{id: Tahap {0}, en: Phase {0}}}
  deadlines:
    batas:
      within: 10 working days
      since: diterima
      kind: statutory
      remind: {{before: [3 working days, 1 day], to: [ketua]}}
      basis: P22 ps 8(3)
  transitions:
    kembalikan:
      by: [ketua]
      reason: required
      other_person_than: [lanjutkan]
      to: s{1}
      basis: P22 ps 7(2)-(3)
    lanjutkan:
      title: {{id: Lanjutkan, en: Go on}}
      by: [opd, ketua]
      fields: {{required: [diterima], optional: [nilai]}}
      documents: {{attach: [surat]}}
      rules: [masuk_akal]
      choose:
        - when: nilai is not None and nilai > {0} and diterima <= today
          to: s{2}
        - to: selesai
      basis: [P22 ps 12(1)a, P22 ps 12(4)]
"""
DECLARED = """\
fields: {diterima: {type: date}, nilai: {type: money, min: 0}}
documents: {surat: {title: Surat}}
rules: {masuk_akal: {check: diterima <= today, message: Tanggal di depan, basis: P22 ps 9(3)}}
"""


def test_two_thousand_lines_load_in_time() -> None:
    """Text, names, guards, checks and digest of 2,000 lines take less than 300 ms of the processor."""
    phases = 74
    chain = "".join(PHASE.format(n, max(0, n - 1), min(phases - 1, n + 1)) for n in range(phases))
    first = "disusun: {transitions: {mulai: {by: [opd], to: s0}}}\n"
    text = write(DECLARED, states=f"{first}{chain}selesai: {{final: true, outcome: selesai}}\n")
    assert text.count("\n") >= 2000
    taken = []
    for _ in range(5):
        begun = process_time()
        loaded = load(text)
        taken.append(process_time() - begun)
        assert loaded.definition is not None, loaded.diagnostics[:1]
    assert min(taken) < 0.3
