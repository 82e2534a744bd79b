"""The second reader: verifies history format 1 with nothing but the standard library.

Written from HISTORY-FORMAT.md alone. It shares no line with the engine and must agree with it: what
the engine writes it accepts, and what was changed afterwards it rejects.

    python -m tests.reader.reader ENTRIES.jsonl [--personal P.jsonl] [--definition D.json] [--calendar C.json]
                     [--root HEX] [--excerpt]

``ENTRIES``: one canonical entry a line, in leaf order if ``--root`` is given. ``P``: one object a line,
``case seq field party? old? salt value`` (``field`` is the field's name, or ``@comment``, ``@reason``,
``@party``). ``--excerpt``: entries are missing between the lines on purpose, so what needs the whole
history (the field's values before, the configuration before) is not asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path

from tests.reader.days import check_clock, check_form
from tests.reader.model import Broken, commitment, entry_hash, is_decimal, read_line, tree_root
from tests.reader.shapes import KINDS, as_date, as_instant, check_entry, is_commitment, require

ZEROS = "0" * 64
STEPPING = ("changes", "documents", "votes", "parties", "suspension", "definition_before")
"""Keys that show that the case's state changed; ``to`` does where it differs from ``from``."""


class Problem:
    """One thing found: where, a code, a sentence."""

    def __init__(self, line, case, seq, code, sentence):
        self.line, self.case, self.seq = line, case, seq
        self.code, self.sentence = code, sentence

    def __str__(self):
        return f"line {self.line}, case {self.case}, entry {self.seq}: {self.code}: {self.sentence}"


class Report:
    """What the reader found."""

    def __init__(self):
        self.problems = []
        self.unknown_kinds = []
        self.hashes = []
        self.opened = 0

    @property
    def codes(self):
        """The codes of the problems in order."""
        return [problem.code for problem in self.problems]


class Chain:
    """What is known of one case while its entries are read in order."""

    def __init__(self):
        self.last = None
        self.hash = ZEROS
        self.configuration = None
        self.fields = {}


class Reader:
    """Reads the entries of any number of cases.

    ``personal``: objects as in the file. ``definitions``, ``calendars``: digest → canonical form.
    """

    def __init__(self, personal=(), definitions=None, calendars=None, excerpt=False):
        self.definitions = definitions or {}
        self.calendars = calendars or {}
        self.excerpt = excerpt
        self.chains = {}
        self.report = Report()
        self.salts = {
            (row["case"], row["seq"], row["field"], row.get("party", ""), bool(row.get("old"))): row
            for row in personal
        }

    def read(self, lines):
        """Read lines of text; return the report."""
        self._check_forms()
        for number, line in enumerate(lines, 1):
            entry = None
            self.report.hashes.append(entry_hash(line))
            try:
                entry = read_line(line)
                check_entry(entry)
            except Broken as broken:
                self._note(number, entry, broken)
                continue
            self._follow(number, entry, line)
        return self.report

    def _check_forms(self):
        for kind, forms in (("definition", self.definitions), ("calendar", self.calendars)):
            for given, form in forms.items():
                self._try(0, None, check_form, kind, form, given)

    def _follow(self, number, entry, line):
        chain = self.chains.setdefault((entry["tenant"], entry["case"]), Chain())
        for check in (
            self._check_link,
            self._check_number,
            self._check_order,
            self._check_revision,
            self._check_fold,
        ):
            self._try(number, entry, check, entry, chain)
        self._try(number, entry, self._check_clocks, entry)
        self._try(number, entry, self._check_commitments, entry)
        self._try(number, entry, self._check_types, entry)
        if entry["kind"] not in KINDS:
            self.report.unknown_kinds.append(entry["kind"])
        chain.last, chain.hash = entry, self.report.hashes[-1]
        chain.configuration = entry.get("to", chain.configuration)

    def _try(self, number, entry, check, *arguments):
        try:
            check(*arguments)
        except Broken as broken:
            self._note(number, entry, broken)

    def _note(self, number, entry, broken):
        found = entry if isinstance(entry, dict) else {}
        problem = Problem(number, found.get("case"), found.get("seq"), broken.code, broken.sentence)
        self.report.problems.append(problem)

    # --- chain and order ---

    def _check_link(self, entry, chain):
        require(entry["prev"] == chain.hash, "prev", "'prev' is not the hash of the entry before")

    def _check_number(self, entry, chain):
        if chain.last is None:
            require(entry["seq"] == 1, "truncated", "the case does not begin with entry 1")
            require(
                entry["kind"] in ("case_opened", "case_imported"), "chain", "the first entry opens no case"
            )
        else:
            expected = chain.last["seq"] + 1
            require(entry["seq"] == expected, "seq", f"entry {expected} was due, not {entry['seq']}")
            require(entry["kind"] != "case_opened", "chain", "a case is opened once")

    def _check_order(self, entry, chain):
        at = as_instant(entry["recorded_at"], "recorded_at")
        happened = as_date(entry["effective_on"], "effective_on")
        if chain.last is not None:
            before = as_instant(chain.last["recorded_at"], "recorded_at")
            require(at > before, "recorded_at", "not later than the entry before")
        # no zone is further than 14 hours ahead of UTC
        latest = (at + timedelta(hours=14)).date()
        require(happened <= latest, "effective_on", "it happened after it was written down")

    def _check_revision(self, entry, chain):
        before = chain.last["revision"] if chain.last else 0
        rises = any(key in entry for key in STEPPING) or entry["kind"] == "consent_voided"
        rises = rises or entry.get("from") != entry.get("to")
        allowed = {before + 1 if rises else before}
        if not rises and "to" in entry:
            # Whether states were left and entered again, or votes were spent, does not show here.
            allowed = {before, before + 1}
        due = " or ".join(str(one) for one in sorted(allowed))
        require(entry["revision"] in allowed, "revision", f"revision {due} was due, not {entry['revision']}")

    # --- the fold, as far as the page alone tells it ---

    def _check_fold(self, entry, chain):
        if not self.excerpt and "from" in entry and chain.configuration is not None:
            require(entry["from"] == chain.configuration, "from", "it comes from elsewhere than the case was")
        for name, change in entry.get("changes", {}).items():
            for party, pair in by_party(change):
                self._check_change(chain.fields, name, party, pair)

    def _check_change(self, fields, name, party, pair):
        require("old" in pair or "new" in pair, "changes", f"{name} changes nothing")
        before = fields.get((name, party))
        if not self.excerpt:
            require(("old" in pair) == (before is not None), "old", f"{name} was empty, or was not")
            hidden = is_commitment(before) or is_commitment(pair.get("old"))
            require(hidden or pair.get("old") == before, "old", f"{name} was something else before")
        if "new" in pair:
            fields[name, party] = pair["new"]
        else:
            fields.pop((name, party), None)

    # --- clocks, personal values, types ---

    def _check_clocks(self, entry):
        for record in entry.get("clocks", []):
            check_clock(record, self.calendars)

    def _check_commitments(self, entry):
        for field, party, is_old, value in commitments(entry):
            row = self.salts.get((entry["case"], entry["seq"], field, party, is_old))
            if row is None:
                continue  # erased, or not handed over
            made = commitment(bytes.fromhex(row["salt"]), row["value"])
            require(made == value["commit"], "commitment", f"{field} is not what was committed to")
            self.report.opened += 1

    def _check_types(self, entry):
        form = self.definitions.get(entry["definition"]["digest"])
        if form is None:
            return
        fields = dict(declared_fields(form))
        for name, change in entry.get("changes", {}).items():
            require(name in fields, "field", f"the definition has no field {name}")
            for _, pair in by_party(change):
                for value in pair.values():
                    if fields[name].get("type") == "record" and not is_commitment(value):
                        self._check_rows(name, fields[name], value)
                    else:
                        self._check_type(name, fields[name].get("type"), value)

    def _check_rows(self, name, record, rows):
        columns = dict(record["fields"])
        require(isinstance(rows, list), "type", f"{name} is not a list of rows")
        for row in rows:
            require(isinstance(row, dict) and row, "type", f"a row of {name} is not a filled object")
            for column, value in row.items():
                require(column in columns, "field", f"{name} has no column {column}")
                self._check_type(f"{name}.{column}", columns[column].get("type"), value)

    @staticmethod
    def _check_type(name, kind, value):
        for one in value if isinstance(value, list) and kind != "duration" else [value]:
            if is_commitment(one):
                continue
            if kind in ("decimal", "money"):
                require(is_decimal(one), "decimal", f"{name} is not a decimal in normal form")
            elif kind == "date":
                as_date(one, name)
            elif kind == "integer":
                require(type(one) is int, "type", f"{name} is not an integer")
            elif kind == "boolean":
                require(isinstance(one, bool), "type", f"{name} is not true or false")


def declared_fields(form, path=""):
    """The fields that a definition declares: its own by name, those of a state by the state's path."""
    for name, body in form.get("fields", []):
        yield f"{path}{name}", body
    for inside in ("states", "regions"):
        for name, state in form.get(inside, []):
            yield from declared_fields(state, f"{path}{name}.")


def by_party(change):
    """The changes of one field as (party, {old, new}); party is empty where the field is not per party."""
    if all(isinstance(part, dict) and set(part) <= {"old", "new"} for part in change.values()):
        return list(change.items())
    return [("", change)]


def commitments(entry):
    """Every commitment of an entry: field, party, whether it is an old value, the commitment."""
    found = [(f"@{key}", "", False, entry[key]) for key in ("comment", "reason") if key in entry]
    for party in entry.get("parties", []):
        if "name" in party:
            found.append(("@party", party["id"], False, party["name"]))
    for name, change in entry.get("changes", {}).items():
        for party, pair in by_party(change):
            found.extend((name, party, side == "old", value) for side, value in pair.items())
    return [one for one in found if is_commitment(one[3])]


def read_lines(path):
    """The lines of a file, without their ends; only a line feed ends a line."""
    with Path(path).open(encoding="utf-8", newline="\n") as file:
        return [line.removesuffix("\n") for line in file]


def load_forms(kind, paths):
    """Canonical forms by the digest that they really have."""
    forms = {}
    for path in paths or ():
        for line in read_lines(path):
            given, form = json.loads(line)
            forms[given] = form
    return forms


def main(arguments=None):
    """Verify a file and say what was found; exit 0 where nothing was, else 1; 2: a file is none."""
    parser = argparse.ArgumentParser(description="verify history format 1")
    parser.add_argument("entries")
    parser.add_argument("--personal")
    parser.add_argument("--definition", action="append", help="lines of [digest, canonical form]")
    parser.add_argument("--calendar", action="append", help="lines of [digest, canonical form]")
    parser.add_argument("--root", help="RFC 9162 root over the lines in order")
    parser.add_argument("--excerpt", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        personal = [json.loads(line) for line in read_lines(asked.personal)] if asked.personal else []
        definitions = load_forms("definition", asked.definition)
        calendars = load_forms("calendar", asked.calendar)
        lines = read_lines(asked.entries)
    except (OSError, ValueError) as error:  # also what is no UTF-8, or no JSON
        parser.error(str(error))
    reader = Reader(personal, definitions, calendars, asked.excerpt)
    report = reader.read(lines)
    for problem in report.problems:
        sys.stdout.write(f"{problem}\n")
    root = tree_root(report.hashes)
    if asked.root and asked.root != root:
        sys.stdout.write(f"root: {root} is not {asked.root}\n")
    sys.stdout.write(f"{len(report.hashes)} entries, {len(reader.chains)} cases, root {root}\n")
    return 1 if report.problems or (asked.root and asked.root != root) else 0


if __name__ == "__main__":
    sys.exit(main())
