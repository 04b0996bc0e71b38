"""Files and folders: what cannot be read is a record, and the revision and the toolchain are found without git."""

import os
import shutil
import subprocess

import pytest

from lean_refs.reader.revision import revision_of
from lean_refs.reader.tree import NotACheckoutError, read_file, read_tree, toolchain_of


def test_bad_files_are_records_not_errors(tmp_path):
    (tmp_path / "Bad.lean").write_bytes(b"def a := \xff")
    (tmp_path / "Crlf.lean").write_bytes(b"def a := 1\r\ndef b := 2\r\n")
    assert [r.why for r in read_file(tmp_path, "Bad.lean").unread] == [
        "the file is not UTF-8 (byte 9: invalid start byte)"
    ]
    assert [r.why for r in read_file(tmp_path, "No.lean").unread] == [
        "the file cannot be opened: No such file or directory"
    ]
    reading = read_tree(tmp_path)
    assert [d.name for d in reading.files["Crlf.lean"].declarations] == ["a", "b"]
    assert len(reading.unread) == 1


def test_a_folder_without_lean_is_refused(tmp_path):
    with pytest.raises(NotACheckoutError, match=r"holds no \.lean file; the root of a TorchLean checkout is expected"):
        read_tree(tmp_path)
    with pytest.raises(NotACheckoutError, match="is not a folder"):
        read_tree(tmp_path / "nowhere")


def test_revision_and_toolchain(tmp_path):
    (tmp_path / "A.lean").write_text("def a := 1", "utf-8")
    (tmp_path / "lean-toolchain").write_text("leanprover/lean4:v4.31.0\n", "utf-8")
    (tmp_path / ".git" / "refs").mkdir(parents=True)
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/main\n", "utf-8")
    (tmp_path / ".git" / "refs" / "main").write_text("a" * 40 + "\n", "utf-8")
    reading = read_tree(tmp_path)
    assert (reading.revision, reading.toolchain) == ("a" * 40, "4.31.0")
    (tmp_path / ".git" / "HEAD").write_text("b" * 40 + "\n", "utf-8")
    assert revision_of(tmp_path) == "b" * 40


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not on PATH")
def test_the_revision_of_packed_branches_and_of_worktrees(tmp_path):
    def git(*arguments):
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(["git", *who, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("pack-refs", "--all")
    first = git("rev-parse", "HEAD")
    assert not (tmp_path / ".git" / "refs" / "heads" / "main").exists()
    git("worktree", "add", "-q", "-b", "other", "tree")
    git("-C", "tree", "commit", "-q", "--allow-empty", "-m", "Two")
    second = git("-C", "tree", "rev-parse", "HEAD")
    assert (revision_of(tmp_path), revision_of(tmp_path / "tree")) == (first, second)
    git("pack-refs", "--all")
    assert (revision_of(tmp_path), revision_of(tmp_path / "tree")) == (first, second)
    git("-C", "tree", "checkout", "-q", "--detach", first)
    assert revision_of(tmp_path / "tree") == first


def test_what_tells_no_revision_and_no_toolchain(tmp_path):
    assert (revision_of(tmp_path), toolchain_of(tmp_path)) == (None, None)
    (tmp_path / ".git").mkdir()
    for head in ("main", "ref: refs/heads/packed"):
        (tmp_path / ".git" / "HEAD").write_text(f"{head}\n", "utf-8")
        assert revision_of(tmp_path) is None
    (tmp_path / ".git" / "packed-refs").write_text("# pack-refs\n" + "a" * 40 + " refs/heads/main\n", "utf-8")
    assert revision_of(tmp_path) is None
    (tmp_path / "lean-toolchain").write_text("nightly\n", "utf-8")
    assert toolchain_of(tmp_path) is None


@pytest.mark.parametrize(
    ("folder", "revision"),
    [
        (f"TorchLean-{'a' * 40}", "a" * 40),
        ("lean-dojo-TorchLean-0123abc", "0123abc"),
        ("torchlean-564289f", "564289f"),
        ("TorchLean-main", None),
        ("TorchLean-v1", None),
        ("0123abc", None),
        (f"Other-{'a' * 40}", None),
    ],
)
def test_an_unpacked_archive_is_known_by_the_name_of_its_folder(tmp_path, folder, revision):
    (tmp_path / folder).mkdir()
    assert revision_of(tmp_path / folder) == revision


@pytest.mark.parametrize(
    ("text", "revision"),
    [
        (f"node: {'c' * 40}\nnode-date: 2026-01-01\n", "c" * 40),
        ("node: $Format:%H$\n", None),
        ("nothing", None),
        ("\udcff", None),
    ],
)
def test_an_archive_that_git_made_tells_its_commit(tmp_path, text, revision):
    (tmp_path / ".git_archival.txt").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert revision_of(tmp_path) == revision


@pytest.mark.parametrize(
    ("manifest", "revision"),
    [
        (
            '{"packages": [{"name": "mathlib", "rev": "x"}, {"name": "«TorchLean»", "rev": "%s"}]}' % ("d" * 40),
            "d" * 40,
        ),
        ('{"packages": [{"name": "torchlean", "rev": "main"}]}', None),
        ('{"packages": [{"name": "torchlean"}]}', None),
        ('{"packages": 3}', None),
        ("{", None),
        (None, None),
    ],
)
def test_a_package_of_another_project_is_known_by_its_manifest(tmp_path, manifest, revision):
    package = tmp_path / ".lake" / "packages" / "TorchLean"
    package.mkdir(parents=True)
    if manifest is not None:
        (tmp_path / "lake-manifest.json").write_text(manifest, "utf-8")
    assert revision_of(package) == revision
    assert revision_of(tmp_path / ".lake") is None


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "Pipe.lean")
    (unread,) = read_tree(tmp_path).files["Pipe.lean"].unread
    assert (unread.file, unread.why) == ("Pipe.lean", "it is a pipe, a socket or a device, and no file")
