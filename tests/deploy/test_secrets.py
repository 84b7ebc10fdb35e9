"""Secrets are made once, cannot be guessed, and are never overwritten."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from demo.secrets import DATABASES, GIVEN, RANDOM, main, make_missing


def test_every_secret_is_random_and_its_own(folder: Path) -> None:
    texts = [(folder / name).read_text() for name in RANDOM]
    assert [len(text) for text in texts] == [43] * len(RANDOM)
    assert len(set(texts)) == len(RANDOM)


def test_two_practices_share_no_secret(tmp_path: Path) -> None:
    names = make_missing(tmp_path / "one")
    assert make_missing(tmp_path / "other") == names
    for name in set(names) - set(GIVEN):
        assert (tmp_path / "one" / name).read_text() != (tmp_path / "other" / name).read_text()


def test_each_service_has_a_database_and_a_role_of_its_own(folder: Path) -> None:
    for name in DATABASES:
        address = (folder / f"{name}_database_url").read_text()
        assert address.startswith(f"postgresql://{name}:")
        assert address.endswith(f"@postgres/{name}")


def test_what_is_there_is_never_overwritten(folder: Path) -> None:
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert make_missing(folder) == []
    (folder / "secret_key").unlink()
    (folder / "smtp_url").write_text("smtps://relay.example")
    assert make_missing(folder) == ["secret_key"]
    after = {path.name: path.read_text() for path in folder.iterdir()}
    assert after.pop("secret_key") != before.pop("secret_key")
    assert after == before | {"smtp_url": "smtps://relay.example"}


def test_the_folder_is_its_owners_and_a_container_can_read_each_file(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o644}


def test_it_says_what_it_made_and_not_the_values(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "secrets"
    assert main([str(folder)]) == 0
    told = capsys.readouterr().out
    for path in folder.iterdir():
        assert str(path) in told
        assert not path.read_text() or path.read_text() not in told


def test_it_warns_of_a_folder_that_others_can_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o755)
    assert main([str(tmp_path)]) == 0
    assert "chmod 700" in capsys.readouterr().err
