"""Files of definitions are read from their folder and never from outside it."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from engine import files
from engine.files import DefinitionResolver, FolderResolver, TextResolver, shipped_definition
from tests.places import DEFINITIONS
from workflow.loading.loader import FileNotResolved


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of definitions, with a secret beside it."""
    inside = tmp_path / "definitions"
    (inside / "lists").mkdir(parents=True)
    (inside / "lists" / "laws.yaml").write_bytes(b"format: 1\r\n")
    (tmp_path / "secret.yaml").write_text("secret")
    return inside


def refusal(folder: Path, path: str) -> str:
    """Return the reason for which a path is refused."""
    with pytest.raises(FileNotResolved) as caught:
        FolderResolver(folder).read(path, "a.yaml")
    assert caught.value.path == path
    return caught.value.reason


def test_file_is_read_as_it_is(folder: Path) -> None:
    """A file is named by the path that was asked for, and its bytes are not touched."""
    assert FolderResolver(folder).read("lists/laws.yaml", "a.yaml") == ("lists/laws.yaml", b"format: 1\r\n")


def test_path_is_relative_to_the_folder_whoever_refers_to_it(folder: Path) -> None:
    """A file in an inner folder names others from the top of the definitions' folder."""
    assert FolderResolver(folder).read("lists/laws.yaml", "lists/urusan.yaml")[1]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.yaml",
        "lists/../../secret.yaml",
        "lists/../lists/laws.yaml",
        "/etc/passwd",
        "//etc/passwd",
        "lists//laws.yaml",
        "./lists/laws.yaml",
        "lists/",
        "",
        ".",
        "..\\secret.yaml",
        "C:/secret.yaml",
        "lists/laws.yaml\0.txt",
    ],
)
def test_path_that_could_lead_outside_is_refused(folder: Path, path: str) -> None:
    """No absolute path, no step up, no other spelling of one."""
    assert refusal(folder, path) == "outside"


def test_link_that_leaves_the_folder_is_refused(folder: Path) -> None:
    """As a file and as a folder on the way, directly or over another link, to what is there or not."""
    (folder / "link.yaml").symlink_to(folder.parent / "secret.yaml")
    (folder / "none.yaml").symlink_to(folder.parent / "none.yaml")
    (folder / "twice.yaml").symlink_to("link.yaml")
    (folder / "up").symlink_to(folder.parent)
    (folder / "back.yaml").symlink_to("../secret.yaml")
    paths = ("link.yaml", "none.yaml", "twice.yaml", "up/secret.yaml", "back.yaml")
    assert [refusal(folder, path) for path in paths] == ["outside"] * len(paths)


def test_link_to_a_neighbour_of_like_name_is_refused(folder: Path) -> None:
    """A folder beside it whose name begins alike is another folder."""
    other = folder.parent / f"{folder.name}-lain"
    other.mkdir()
    (other / "a.yaml").write_text("x: 1")
    (folder / "a.yaml").symlink_to(other / "a.yaml")
    assert refusal(folder, "a.yaml") == "outside"


def test_links_that_stay_inside_are_followed_as_a_configmap_has_them(folder: Path) -> None:
    """Kubernetes mounts each file as a link over ``..data``, which it moves to the next version at once."""
    for version in ("..1", "..2"):
        (folder / version / "lists").mkdir(parents=True)
        (folder / version / "ksdd.yaml").write_text(f"version: {version}")
        (folder / version / "lists" / "urusan.yaml").write_text(f"list: {version}")
    (folder / "..data").symlink_to("..1")
    (folder / "ksdd.yaml").symlink_to("..data/ksdd.yaml")
    (folder / "mounted").symlink_to("..data/lists")
    resolver = FolderResolver(folder)
    assert resolver.read("ksdd.yaml", "a.yaml") == ("ksdd.yaml", b"version: ..1")
    (folder / "next").symlink_to("..2")
    (folder / "next").replace(folder / "..data")
    assert resolver.read("mounted/urusan.yaml", "a.yaml") == ("mounted/urusan.yaml", b"list: ..2")


def test_links_in_a_circle_are_unreadable(folder: Path) -> None:
    """They end in a refusal and not in an error."""
    (folder / "a.yaml").symlink_to("b.yaml")
    (folder / "b.yaml").symlink_to("a.yaml")
    assert refusal(folder, "a.yaml") == "unreadable"


def test_folder_itself_may_be_a_link(folder: Path) -> None:
    """The folder is the caller's choice; only what is inside it is not."""
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert FolderResolver(link).read("lists/laws.yaml", "a.yaml")[1]


def test_what_is_not_there_is_missing(folder: Path) -> None:
    """A file or folder that does not exist is missing."""
    assert refusal(folder, "lists/lows.yaml") == "missing"
    assert refusal(folder, "list/laws.yaml") == "missing"


def test_what_is_no_file_is_unreadable(folder: Path) -> None:
    """A folder, a pipe and a path through a file are no files, and are not waited for."""
    os.mkfifo(folder / "pipe.yaml")
    assert refusal(folder, "lists") == "unreadable"
    assert refusal(folder, "pipe.yaml") == "unreadable"
    assert refusal(folder, "lists/laws.yaml/x") == "unreadable"
    assert refusal(folder, "x" * 5000) == "unreadable"


def test_huge_file_is_not_read(folder: Path) -> None:
    """A file far beyond what a definition may be is refused before it fills the memory."""
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(files.MOST_BYTES + 1)
    assert refusal(folder, "huge.yaml") == "too-large"


def test_text_resolver_gives_what_was_read_before() -> None:
    """Stored sources are found under the names that they were read by."""
    resolver = TextResolver({"lists/laws.yaml": "é"})
    assert resolver.read("lists/laws.yaml", "a.yaml") == ("lists/laws.yaml", "é".encode())
    with pytest.raises(FileNotResolved):
        resolver.read("lists/urusan.yaml", "a.yaml")


@pytest.mark.parametrize("name", ["ksdd", "ksdd.yaml", "definitions/ksdd.yaml"])
def test_shipped_definition_is_found(name: str) -> None:
    """A shipped definition is found by name, wherever this runs."""
    assert shipped_definition(name) == DEFINITIONS / "ksdd.yaml"


@pytest.mark.parametrize("name", ["tidak_ada", "../pyproject.toml", "/etc/passwd", ""])
def test_nothing_else_is_shipped(name: str) -> None:
    """What is not among the definitions is not found."""
    assert shipped_definition(name) is None


def test_error_speaks_both_languages_and_pickles() -> None:
    """The error says what was asked, in both languages, and survives another process."""
    error = pickle.loads(pickle.dumps(FileNotResolved(path="lists/x.yaml", reason="missing")))
    assert (error.path, error.reason, str(error)) == (
        "lists/x.yaml",
        "missing",
        "there is no file lists/x.yaml",
    )
    assert error.message.text("id") == "tidak ada berkas lists/x.yaml"
    assert isinstance(error, FileNotFoundError)


def test_definition_resolver_asks_its_own_folder_first_then_the_shipped_one(tmp_path: Path) -> None:
    """A definition that stands alone finds the shared lists; a file of its own comes first."""
    resolver = DefinitionResolver(tmp_path)
    assert b"PP28" in resolver.read("lists/laws.yaml", "a.yaml")[1]
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "laws.yaml").write_bytes(b"format: 1\n")
    assert resolver.read("lists/laws.yaml", "a.yaml")[1] == b"format: 1\n"


def test_definition_resolver_outside_its_folder_is_refused_without_a_second_look(tmp_path: Path) -> None:
    """What would leave the folder is refused, not looked for elsewhere."""
    with pytest.raises(FileNotResolved, match=r"outside|folder"):
        DefinitionResolver(tmp_path).read("../lists/laws.yaml", "a.yaml")
