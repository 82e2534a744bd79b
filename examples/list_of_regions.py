"""Make a shared list of regions from a table of codes and names, such as the ministry publishes.

    python examples/list_of_regions.py wilayah.csv > definitions/lists/daerah.yaml

The table is CSV with the columns ``kode`` and ``nama``; codes of provinces have two digits (``64``), those
of regencies and cities two more (``64.02``). Each region becomes a choice, named after it and grouped by
its province. A definition then asks for one with ``{type: choice, list: lists/daerah.yaml}``.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator

HEAD = """\
format: 1
list: daerah
version: 1
title: {id: Daerah, en: Regions}
items:
"""


def choice(name: str) -> str:
    """Return the name of a choice: what the language takes as a name."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def lines(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """Yield a line for each region, with its code in a comment.

    Raises:
        ValueError: Two regions would have the same name, or one has no province before it.
    """
    provinces: dict[str, str] = {}
    taken: dict[str, str] = {}
    for row in rows:
        code, name = row["kode"].strip(), row["nama"].strip()
        province = code.partition(".")[0]
        key = choice(name if province != code else f"provinsi {name}")
        provinces.setdefault(province, key)
        if key in taken or (province != code and not provinces[province].startswith("provinsi_")):
            raise ValueError(f"{code} {name}: {taken.get(key, 'its province is not in the table')}")
        taken[key] = f"{code} has this name already"
        yield f'  {key}: {{title: "{name}", group: {provinces[province]}}}    # {code}'


def main() -> None:
    """Read the table that is named, write the list."""
    with open(sys.argv[1], encoding="utf-8", newline="") as table:  # noqa: PTH123  # as short as it can be
        sys.stdout.write(HEAD + "".join(f"{line}\n" for line in lines(csv.DictReader(table))))


if __name__ == "__main__":
    main()
