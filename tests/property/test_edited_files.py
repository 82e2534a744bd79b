"""Valid files after one small edit, thousands of times: an answer at the place of the edit, or a valid file.

The rule, which ``tests.edit_verdicts`` applies:

* Reading never raises. A definition comes of a file just when no finding is an error; it is whole: its digest
  is that of its canonical form, its process can be built, its targets and fields are there.
* A file that is refused, or warned about, has a finding of which the place, or one of its other places, lies
  in the edited file within one line of the touched lines. Exceptions are those of ``LARGEST_SHARE``, each
  with its reason and the largest share that it may have; an edit that is refused in any other way fails.
* An edit that means nothing to the language (a comment, quotes, the order of keys, line ends) brings no
  finding, and the same digest.
* An edit that leaves no valid file whatever it hits is never accepted; one that changes a word or a number of
  a workflow or a calendar and is accepted changes its digest.

What is accepted otherwise is valid: another number, another state that exists, a text with a slip of the pen.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import leave_out
from tests.edit_verdicts import Verdict, judge_all
from tests.edited_files import DRAFTS, FOLDERS, materials
from tests.edits import KINDS

LEAST_EDITS = {"definitions": 300, "examples": 800, "material": 1_000, "drafts": 300}
LEAST_AT_PLACE = 0.9
"""Of the refused edits, those that are refused at their place."""


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_small_edit_is_refused_at_its_place_or_valid(folder: Path) -> None:
    """Whatever slip is made in a valid file, what is said of it leads to the slip."""
    if folder == DRAFTS and not folder.is_dir():
        leave_out(f"no drafts in {folder}")
    tally = judge_all(materials(folder), seed="1", each=2, is_quick=True)
    assert tally.wrong == []
    assert tally.excesses() == []
    assert tally.counts[Verdict.PLACE] >= LEAST_AT_PLACE * tally.refused
    assert tally.counts.total() >= LEAST_EDITS[folder.name], tally.figures()
    assert KINDS.keys() - tally.kinds <= {"one equals"}  # a folder may have no guard with '=='
