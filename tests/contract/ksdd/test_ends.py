"""The five causes by which a cooperation and an agreement end, PP28 ps 9."""

from __future__ import annotations

import pytest

from tests.contract.cooperation import (
    HEAD,
    PARTNER_HEAD,
    Cooperation,
    assert_rule,
)

BY_ONE = ("tujuan_tercapai", "kebijakan", "objek_hilang")
FIVE_CAUSES = ("jangka_waktu", "kesepakatan", *BY_ONE)


@pytest.mark.parametrize("cause", FIVE_CAUSES)
@pytest.mark.parametrize(
    ("stage", "term_over"), [("to_implementation", "2028-01-01"), ("to_joint_agreement", "2031-03-11")]
)
def test_end_comes_by_each_of_the_five_causes(
    cooperation: Cooperation, stage: str, term_over: str, cause: str
) -> None:
    """The five causes of PP28 ps 9 end agreement and joint agreement, each in its way, and no other does."""
    getattr(cooperation, stage)()
    refusal = cooperation.refused("akhiri", HEAD, "bukti_berakhir", sebab_berakhir="ganti_bupati")
    assert refusal.code == "invalid-field"
    if cause in BY_ONE:
        cooperation.do("akhiri", HEAD, "bukti_berakhir", sebab_berakhir=cause)
    else:
        refusal = cooperation.refused("akhiri", HEAD, "bukti_berakhir", sebab_berakhir=cause)
        assert_rule(refusal, "bukan_jangka_waktu")
        if cause == "jangka_waktu":
            cooperation.wait_until(term_over)
        else:
            _agree_to_end(cooperation)
    assert cooperation.case.fields["sebab_berakhir"] == cause
    assert cooperation.is_in("penutupan") or cooperation.case.outcome == "berakhir"


def _agree_to_end(cooperation: Cooperation) -> None:
    """Both heads agree, one of them at the second attempt."""
    cooperation.do("sepakati_pengakhiran", HEAD)
    cooperation.do("tarik_pengakhiran", HEAD)
    cooperation.do("sepakati_pengakhiran", HEAD)
    assert cooperation.case.fields.get("sebab_berakhir") is None
    assert cooperation.refused("sepakati_pengakhiran", PARTNER_HEAD).code == "missing-document"
    cooperation.do("sepakati_pengakhiran", PARTNER_HEAD, "bukti_berakhir")
