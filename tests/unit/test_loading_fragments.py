"""Fragments: used as states, filled with parameters, left through exits; problems name both places."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest

from workflow.definition import Definition, StateKind
from workflow.durations import Duration, Unit
from workflow.loading.catalogues import FileNotResolved
from workflow.loading.loader import Loaded, load_definition
from workflow.source.diagnostics import Diagnostic, Severity

HEAD = """\
format: 1
workflow: contoh
version: 1
title: Contoh
timezone: Asia/Makassar
calendar: indonesia
roles: {opd: {title: Perangkat daerah}, ketua: {title: Ketua}}
"""
TELAAH = """\
format: 1
fragment: telaah
title: Telaah
parameters:
  target: {type: duration, default: none}
  pengusul: {type: triggers, default: []}
  berkas: {type: documents, default: []}
  ketat: {type: boolean, default: false}
  syarat: {type: condition, default: none}
fields:
  hasil: {type: choice, options: {layak: Layak, tidak: Tidak}}
  tanggal: {type: date}
documents: {notulen: {title: Notulen}}
groups: {isi: [hasil, tanggal]}
rules:
  pasti: {check: hasil == 'layak' or not ketat, message: Belum layak}
initial: dinilai
states:
  dinilai:
    deadlines:
      batas: {within: $target, kind: target, then: {to: macet}}
    transitions:
      putuskan:
        by: [opd]
        other_person_than: $pengusul
        fields: {required: [isi]}
        documents: {attach: [notulen], present: [$berkas, notulen]}
        rules: [pasti]
        choose:
          - when: hasil == 'layak'
            to: layak
          - to: tidak
      ulangi: {only: $ketat, by: [opd], when: $syarat, to: diulang}
  diulang: {transitions: {kembali: {by: [opd], to: dinilai}}}
  macet: {transitions: {lanjut: {by: [opd], to: dinilai}}}
  layak: {final: true}
  tidak: {final: true}
"""


class Files:
    """Gives the files that a test has written."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = {**files, "calendars/indonesia.yaml": "calendar: indonesia"}

    def read(self, relative_path: str, from_file: str) -> tuple[str, bytes]:
        """Read a file; see `workflow.loading.loader.Resolver`."""
        if relative_path not in self._files:
            raise FileNotResolved(path=relative_path, reason="missing")
        return relative_path, self._files[relative_path].encode()


def load(text: str, parameters: Mapping[str, object] | None = None, **files: str) -> Loaded:
    """Load a text beside fragments; ``files``: name of the fragment → its text."""
    given = {f"fragments/{name}.yaml": content for name, content in {"telaah": TELAAH, **files}.items()}
    return load_definition((text, "contoh.yaml"), resolve=Files(given), parameters=parameters)  # type: ignore[arg-type]  # what a caller gives may be wrong


def write(use: str = "", declared: str = "", exits: str = "{layak: usai, tidak: batal}") -> str:
    """Write a workflow that uses the assessment once."""
    opening = "open: {by: [opd], to: telaah}\n"
    states = f"""\
states:
  telaah:
    use: fragments/telaah.yaml
{"    " + use if use else ""}
    exits: {exits}
  usai: {{final: true, outcome: usai}}
  batal: {{final: true, outcome: batal}}
"""
    return HEAD + dedent(declared) + opening + states


def made(text: str, parameters: Mapping[str, object] | None = None, **files: str) -> Definition:
    """Load what must be without errors."""
    loaded = load(text, parameters, **files)
    assert loaded.definition is not None, [(one.file, one.line, one.message) for one in loaded.diagnostics]
    return loaded.definition


def said(text: str, parameters: Mapping[str, object] | None = None, **files: str) -> list[Diagnostic]:
    """Return what is found, without what is merely unused."""
    found = load(text, parameters, **files).diagnostics
    return [one for one in found if one.code != "unused-declaration"]


def codes(text: str, parameters: Mapping[str, object] | None = None, **files: str) -> list[str]:
    """Return the codes of what is found."""
    return [one.code for one in said(text, parameters, **files)]


BATAL = "transitions: {batalkan: {by: [ketua], to: batal}}\n"
KAK = "documents: {kak: {title: KAK}, notulen: {title: Notulen kita}}\n"


def test_fragment_becomes_the_state_that_uses_it() -> None:
    """Its states lie under the host's name, its fields, documents and rules are known by that path."""
    found = made(write("with: {berkas: [kak, notulen]}", KAK))
    state = found.states["telaah"]
    assert (state.kind, state.initial) == (StateKind.COMPOUND, "telaah.dinilai")
    assert state.title is not None and state.title.id == "Telaah"
    assert state.fields == ("telaah.hasil", "telaah.tanggal")
    assert found.fields["telaah.hasil"].state == "telaah"
    assert found.fields["telaah.hasil"].bare == "hasil"
    handler = found.states["telaah.dinilai"].handlers[0]
    assert handler.required == ("telaah.hasil", "telaah.tanggal")
    assert handler.attach == ("telaah.notulen",)
    assert handler.rules == ("telaah.pasti",)
    assert handler.branches[0].when is not None
    assert handler.branches[0].when.fields == {"telaah.hasil"}


def test_what_fills_a_parameter_is_looked_up_from_the_host() -> None:
    """A document of the host is its own, though the fragment has one of the same name."""
    found = made(write("with: {berkas: [kak, notulen]}", KAK))
    assert found.states["telaah.dinilai"].handlers[0].present == ("kak", "notulen", "telaah.notulen")


def test_exit_leads_on_from_the_place_of_the_host() -> None:
    """An end that is mapped is left at once; what it sets is the host's, read by path."""
    declared = "fields: {kapan: {type: date}, selesai_pada: {type: date}}\n"
    exits = "{layak: {to: usai, set: {kapan: telaah.tanggal}}, tidak: batal}"
    found = made(write("", declared, exits))
    (branch,) = found.states["telaah.layak"].always
    assert found.states["telaah.layak"].kind is StateKind.ATOMIC
    assert branch.target == "usai"
    assert [(one.field, one.value.normal) for one in branch.set] == [("kapan", "telaah.tanggal")]


def test_exit_to_a_state_of_the_name_of_an_end_leads_out() -> None:
    """Targets of exits are the host's, never the fragment's own ends."""
    text = write(exits="{layak: usai, tidak: tidak}").replace("  batal: ", "  tidak: ")
    assert made(text).states["telaah.tidak"].always[0].target == "tidak"


def test_exit_to_self_enters_the_fragment_anew() -> None:
    """In an exit ``self`` is the state that uses the fragment."""
    branch = made(write(exits="{layak: usai, tidak: self}", declared=BATAL)).states["telaah.tidak"].always[0]
    assert branch.target == "telaah"


def test_reachable_end_without_an_exit_is_refused_and_no_other() -> None:
    """Every end that can be reached is mapped; one that parameters cut off need not be."""
    assert codes(write(exits="{layak: usai}").replace("  batal: {final: true, outcome: batal}\n", "")) == [
        "exit-missing"
    ]
    only = TELAAH.replace("          - to: tidak\n", "          - when: not ketat\n            to: tidak\n")
    text = write("with: {ketat: true}", exits="{layak: usai}")
    text = text.replace("  batal: {final: true, outcome: batal}\n", "")
    assert codes(text, telaah=only) == []
    assert codes(write(exits="{layak: usai, tidak: batal, ragu: batal}")) == ["unknown-exit"]


def test_none_drops_the_clock_and_what_it_led_to() -> None:
    """Without a duration there is no clock, and the state that only it led to vanishes."""
    found = made(write())
    assert found.states["telaah.dinilai"].deadlines == ()
    assert "telaah.macet" not in found.states
    assert "telaah.diulang" not in found.states
    other = made(write("with: {target: 10 working days}"))
    assert other.states["telaah.dinilai"].deadlines[0].within == Duration(10, Unit.WORKING_DAYS)
    assert "telaah.macet" in other.states


def test_flag_lets_a_mapping_stand_and_a_condition_is_the_hosts() -> None:
    """``only`` keeps what its flag says; a condition reads the host's fields and is typed there."""
    declared = "fields: {luas: {type: integer}}\n"
    use = "with: {ketat: true, syarat: luas is not None and luas > 3}"
    handler = made(write(use, declared)).states["telaah.dinilai"].handlers[1]
    assert handler.name == "ulangi" and handler.when is not None
    assert handler.when.fields == {"luas"}
    assert made(write("with: {ketat: true}")).states["telaah.dinilai"].handlers[1].when is None
    (found,) = said(write(use.replace("luas > 3", "luas > 'a'"), declared))
    assert (found.code, found.file, found.line) == ("guard-type", "contoh.yaml", 13)
    assert [(place.file, place.line) for place in found.related] == [
        ("fragments/telaah.yaml", 33),
        ("contoh.yaml", 12),
    ]


def test_fragment_sees_nothing_else_of_its_host() -> None:
    """Fields, documents, states and triggers of the host are out of sight inside."""
    declared = "fields: {luas: {type: integer}}\n" + KAK
    for inside, code in (
        ("by: [opd], when: luas is None, to: layak", "guard-unknown-name"),
        ("by: [opd], documents: {attach: [kak]}, to: layak", "unknown-document"),
        ("by: [opd], to: usai", "unknown-state"),
        ("by: [opd], when: in_state('usai'), to: layak", "guard-unknown-name"),
        ("by: [opd], other_person_than: [mulai], to: layak", "unknown-trigger"),
    ):
        fragment = TELAAH.replace("      ulangi:", f"      lain: {{{inside}}}\n      ulangi:")
        text = write("", declared + "transitions: {mulai: {by: [opd], to: usai}}\n")
        (found,) = said(text, telaah=fragment)
        assert (found.code, found.file) == (code, "fragments/telaah.yaml")
        assert [(one.file, one.line) for one in found.related][-1][0] == "contoh.yaml"


def test_trigger_of_the_host_comes_in_by_a_parameter_only() -> None:
    """``triggers`` is the one way to name a transition of the host."""
    text = write("with: {pengusul: [mulai]}", "transitions: {mulai: {by: [opd], to: usai}}\n")
    assert made(text).states["telaah.dinilai"].handlers[0].other_person_than == ("mulai",)
    assert codes(write("with: {pengusul: [mulaai]}")) == ["unknown-trigger"]


def test_constant_is_written_into_guards() -> None:
    """What a parameter decides is left out of a guard, so that the digest sees what is asked."""
    rules = made(write("with: {ketat: true}")).rules
    assert rules["telaah.pasti"].check.normal == "telaah.hasil == 'layak'"
    assert made(write()).rules["telaah.pasti"].check.bound is True


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("with: {targt: 3 days}", "unknown-parameter"),
        ("with: {target: tiga hari}", "wrong-value"),
        ("with: {ketat: 'true'}", "wrong-value"),
        ("with: {berkas: {a: b}}", "wrong-type"),
        ("with: {berkas: [lain]}", "unknown-document"),
        ("with: [target]", "wrong-parameter"),
        ("with: {target: $jangka}", "unknown-parameter"),
    ],
)
def test_wrong_argument_is_reported_where_it_is_given(use: str, code: str) -> None:
    """What does not fill a parameter is said at the host's place, once."""
    (found,) = said(write(use))
    assert (found.code, found.file, found.line) == (code, "contoh.yaml", 12)


def test_parameter_without_value_is_named_at_the_use() -> None:
    """A parameter without a default must be given."""
    fragment = TELAAH.replace("{type: duration, default: none}", "{type: duration}")
    (found,) = said(write(), telaah=fragment)
    assert (found.code, found.line) == ("missing-parameter", 11)


def test_fragment_in_a_fragment_and_no_circle() -> None:
    """Fragments use fragments with parameters passed on; one that would contain itself is refused."""
    outer = """\
    format: 1
    fragment: luar
    parameters: {jangka: {type: duration}, tegas: {type: boolean}}
    initial: dalam
    states:
      dalam:
        use: fragments/telaah.yaml
        with: {target: $jangka, ketat: $tegas}
        exits: {layak: selesai, tidak: gagal}
      selesai: {final: true}
      gagal: {final: true}
    """
    text = write("with: {jangka: 5 days, tegas: true}", exits="{selesai: usai, gagal: batal}")
    text = text.replace("fragments/telaah", "fragments/luar")
    found = made(text, luar=dedent(outer))
    (deadline,) = found.states["telaah.dalam.dinilai"].deadlines
    assert (deadline.path, deadline.within) == ("telaah.dalam.dinilai.batas", Duration(5, Unit.DAYS))
    assert found.states["telaah.dalam.layak"].always[0].target == "telaah.selesai"
    assert found.states["telaah.selesai"].always[0].target == "usai"
    assert "telaah.dalam.hasil" in found.fields
    circle = dedent(outer).replace("fragments/telaah", "fragments/luar")
    assert "fragment-nesting" in codes(text, luar=circle)


def test_problem_inside_names_both_places_and_is_said_once_for_each() -> None:
    """A problem of the fragment points into its file and to the use."""
    broken = TELAAH.replace("by: [opd], to: dinilai}}}\n  macet", "by: [odp], to: dinilai}}}\n  macet")
    (found,) = said(write("with: {ketat: true}"), telaah=broken)
    assert (found.code, found.file, found.line) == ("unknown-role", "fragments/telaah.yaml", 34)
    assert [(one.file, one.line) for one in found.related] == [("contoh.yaml", 11)]


def test_fragment_as_a_region_of_a_parallel_state() -> None:
    """A fragment without ends runs beside others."""
    ladder = """\
    format: 1
    fragment: sengketa
    initial: tidak_ada
    states:
      tidak_ada: {transitions: {nyatakan: {by: [opd], to: ada}}}
      ada: {transitions: {damai: {by: [opd], to: tidak_ada}}}
    """
    states = """\
    states:
      jalan:
        transitions: {akhiri: {by: [opd], to: usai}}
        regions:
          perselisihan: {use: fragments/sengketa.yaml}
          biasa: {initial: a, states: {a: {}}}
      usai: {final: true, outcome: usai}
    """
    text = HEAD + "open: {by: [opd], to: jalan}\n" + dedent(states)
    found = made(text, sengketa=dedent(ladder))
    assert found.states["jalan.perselisihan"].children == (
        "jalan.perselisihan.tidak_ada",
        "jalan.perselisihan.ada",
    )


def test_host_adds_transitions_beside_what_it_uses() -> None:
    """Title, transitions and clocks may stand beside ``use``; what is the fragment's may not."""
    text = write("transitions: {batalkan: {by: [ketua], to: batal}}")
    found = made(text)
    assert [one.name for one in found.states["telaah"].handlers] == ["batalkan"]
    assert codes(write("initial: dinilai")) == ["conflicting-keys"]


def test_digest_is_of_the_expanded_form() -> None:
    """What a parameter changes changes the digest; written out or by default it is the same."""
    plain = made(write())
    assert made(write("with: {target: none, ketat: false}")).digest == plain.digest
    assert made(write("with: {target: 3 days}")).digest != plain.digest
    assert made(write("with: {ketat: true}")).digest != plain.digest
    assert "use" not in str(plain.canonical)


def test_digest_tells_a_document_of_the_host_from_one_of_the_fragment() -> None:
    """Two documents of one name are two: which is meant is part of the digest."""
    inside = TELAAH.replace("present: [$berkas, notulen]", "present: [notulen]")
    host = TELAAH.replace("present: [$berkas, notulen]", "present: [$berkas]")
    one = made(write("with: {berkas: [notulen]}", KAK), telaah=host)
    other = made(write("with: {berkas: [notulen]}", KAK), telaah=inside)
    assert one.digest != other.digest


# Parameters of a workflow --------------------------------------------------------------------------


BATAS = "parameters: {batas: {type: duration, default: 10 days}, tegas: {type: boolean, default: false}}\n"


def bound(parameters: Mapping[str, object] | None = None) -> Loaded:
    """Load a workflow with parameters of its own."""
    states = """\
    states:
      disusun:
        deadlines: {batas: {within: $batas, kind: target}}
        transitions:
          ajukan: {by: [opd], when: not tegas, to: usai}
          putuskan: {only: $tegas, by: [ketua], to: usai}
          batal: {by: [opd], to: usai}
      usai: {final: true, outcome: usai}
    """
    return load(HEAD + BATAS + "open: {by: [opd], to: disusun}\n" + dedent(states), parameters)


def test_parameters_are_bound_and_part_of_the_digest() -> None:
    """What is given replaces the default, and equal values are one definition."""
    plain, other = bound().definition, bound({"batas": "3 months", "tegas": True}).definition
    assert plain is not None and other is not None
    assert plain.states["disusun"].deadlines[0].within == Duration(10, Unit.DAYS)
    assert other.states["disusun"].deadlines[0].within == Duration(3, Unit.MONTHS)
    assert [one.name for one in other.states["disusun"].handlers] == ["ajukan", "putuskan", "batal"]
    assert other.parameters == {"batas": [3, "months"], "tegas": True}
    assert other.canonical["parameters"] == other.parameters
    same = bound({"batas": "10 days", "tegas": "false"}).definition
    assert same is not None and same.digest == plain.digest != other.digest


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"bats": "3 days"}, "unknown-parameter"),
        ({"batas": "tiga"}, "wrong-value"),
        ({"batas": 3}, "wrong-value"),
        ({"tegas": "ya"}, "wrong-value"),
        ({"tegas": {"a": 1}}, "wrong-parameter"),
    ],
)
def test_wrong_parameter_is_a_finding(parameters: Mapping[str, object], code: str) -> None:
    """What cannot be bound is said at the declaration, before anything runs."""
    loaded = bound(parameters)
    assert loaded.definition is None
    assert [one.code for one in loaded.diagnostics] == [code]


def test_parameter_that_has_no_value_is_an_error_only_without_default() -> None:
    """A workflow's parameter without a default must be given when deploying."""
    text = HEAD + "parameters: {siapa: {type: roles}}\n"
    text += "open: {by: $siapa, to: usai}\nstates:\n  usai: {final: true, outcome: usai}\n"
    assert codes(text) == ["missing-parameter"]
    found = made(text, {"siapa": "opd, ketua"})
    assert [str(one) for one in found.opening.by] == ["opd", "ketua"]
    assert made(text, {"siapa": ["opd", "ketua"]}).digest == found.digest


# A fragment alone ------------------------------------------------------------------------------------


def alone(text: str) -> list[Diagnostic]:
    """Check a fragment's file by itself."""
    return list(load_definition((text, "fragments/telaah.yaml"), resolve=Files({})).diagnostics)


def test_fragment_is_checked_alone() -> None:
    """Names, guards and reachability of a fragment are looked at whatever its parameters will be."""
    assert alone(TELAAH) == []
    for before, after, code in (
        ("to: diulang}", "to: diulangi}", "unknown-state"),
        ("hasil == 'layak'\n", "hasil == 'layaak'\n", "guard-unknown-option"),
        ("  macet:", "  lain: {}\n  macet:", "unreachable-state"),
        ("when: $syarat", "when: $syaratt", "unknown-parameter"),
        ("within: $target", "within: $ketatt", "unknown-parameter"),
        ("default: false}", "default: ya}", "wrong-value"),
        ("fragment: telaah", "fragment: Telaah", "wrong-value"),
    ):
        found = [one.code for one in alone(TELAAH.replace(before, after))]
        assert code in found, (code, found)


def test_fragment_alone_gives_no_definition_and_says_what_is_unused() -> None:
    """A fragment cannot be deployed; what it declares and never uses is a warning."""
    text = TELAAH.replace("  ketat:", "  tak_terpakai: {type: text, default: x}\n  ketat:", 1)
    loaded = load_definition((text, "telaah.yaml"), resolve=Files({}))
    assert loaded.definition is None
    assert [(one.code, one.severity, one.line) for one in loaded.diagnostics] == [
        ("unused-declaration", Severity.WARNING, 8)
    ]


def test_broken_fragment_does_not_make_the_roles_of_its_host_unused() -> None:
    """What a fragment that cannot be read uses is not known, so nothing is called unused."""
    broken = TELAAH.replace("  dinilai:\n    deadlines", "dinilai:\n    deadlines")
    assert broken != TELAAH
    found = load(write(), telaah=broken).diagnostics
    assert {one.code for one in found} == {"file-not-read", "yaml-syntax"}


def test_articles_of_a_parameter_are_checked() -> None:
    """Articles that a fragment's parameter cites are written as articles are."""
    wrong = TELAAH.replace(
        "target: {type: duration, default: none}",
        """target:
    type: duration
    default: none
    basis: P22 pasal 3
    decided: {question: Berapa lama?, chosen: Bebas, basis: PP28}""",
    )
    found = said(write(), telaah=wrong)
    assert [(one.code, one.line) for one in found] == [("basis-syntax", 8), ("basis-syntax", 9)]


def test_what_a_state_leads_to_that_nothing_reaches_does_not_vanish() -> None:
    """Beside what a parameter takes away stands a mistake: it is reported, with what only it leads to."""
    fragment = """\
format: 1
fragment: tawar
parameters: {dilapor: {type: boolean, default: false}}
initial: dikirim
states:
  dikirim:
    transitions:
      terima: {by: [opd], to: diterima}
      laporkan: {only: $dilapor, by: [opd], to: dilaporkan}
  dilaporkan: {transitions: {tutup: {by: [opd], to: diam}}}
  perlu_lapor: {transitions: {akhiri: {by: [opd], to: diam}}}
  diterima: {final: true}
  diam: {final: true}
"""
    text = write(exits="{diterima: usai, diam: batal}").replace("fragments/telaah", "fragments/tawar")
    found = [one for one in said(text, tawar=fragment) if one.file == "fragments/tawar.yaml"]
    assert [(one.code, one.line) for one in found] == [("unreachable-state", 11), ("unreachable-state", 13)]
