"""Tenants are made by checked names, and deleted keys first."""

from pathlib import Path

import pytest

from segue.bootstrap.home import bundled, create_home
from segue.bootstrap.operations.tenants import create_tenant, delete_tenant, list_tenants
from segue.console import PageSettings
from segue.core.errors import InputError, LockedError, MissingError
from segue.playbook import load, load_settings
from segue.stores import HomeLock


@pytest.mark.parametrize("name", ["", "Acme", "a b", "../acme", "-a", "a-", "a.b", "a" * 41, "ünder", "a\n"])
def test_a_name_that_could_mislead_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="will not do as a name"):
        create_tenant(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_tenants_are_listed_with_who_runs_them(tmp_path: Path) -> None:
    create_tenant(tmp_path, "acme")
    create_tenant(tmp_path, "birch-eu")
    (tmp_path / "notes").mkdir()
    lock = HomeLock(tmp_path / "acme")

    listed = list_tenants(tmp_path)
    lock.close()

    assert [item.name for item in listed] == ["acme", "birch-eu"]
    assert listed[0].run_by
    assert listed[1].run_by is None


@pytest.mark.parametrize("name", ["beta", "no", "null", "1e3", "2026-01-01"])
def test_pages_call_a_tenant_by_the_name_it_was_made_with(tmp_path: Path, name: str) -> None:
    settings = load_settings(create_tenant(tmp_path, name).playbook)

    assert settings.tenant == name
    assert PageSettings.of(load(tmp_path / name / "playbook")).tenant == name


def test_a_home_keeps_its_playbooks_name_unless_another_is_given(tmp_path: Path) -> None:
    kept = load_settings(create_home(tmp_path / "kept").playbook)
    named = load_settings(create_home(tmp_path / "named", tenant='Ann "& Co": \\1 #é').playbook)

    assert kept == load_settings(bundled("saas"))
    assert named.tenant == 'Ann "& Co": \\1 #é'
    assert named.brands == kept.brands


def test_a_tenant_whose_master_key_is_gone_is_listed_with_what_is_wrong(tmp_path: Path) -> None:
    create_tenant(tmp_path, "acme")
    create_tenant(tmp_path, "birch")
    (tmp_path / "birch" / "master.key").unlink()

    acme, birch = list_tenants(tmp_path)

    assert acme.problem == ""
    assert birch.problem.startswith("the master key `master.key` of")
    assert "put it back" in birch.problem


def test_a_name_is_given_once(tmp_path: Path) -> None:
    create_tenant(tmp_path, "acme")

    with pytest.raises(InputError, match="already"):
        create_tenant(tmp_path, "acme")


def test_deleting_wants_the_name_again_and_nobody_running_it(tmp_path: Path) -> None:
    create_tenant(tmp_path, "acme")
    lock = HomeLock(tmp_path / "acme")

    with pytest.raises(InputError, match="--yes acme"):
        delete_tenant(tmp_path, "acme", yes="")
    with pytest.raises(LockedError):
        delete_tenant(tmp_path, "acme", yes="acme")
    lock.close()

    assert (tmp_path / "acme" / "master.key").exists()


def test_deleting_leaves_nothing_and_touches_no_other(tmp_path: Path) -> None:
    create_tenant(tmp_path, "acme")
    create_tenant(tmp_path, "birch")

    delete_tenant(tmp_path, "acme", yes="acme")

    assert [path.name for path in tmp_path.iterdir()] == ["birch"]
    with pytest.raises(MissingError):
        delete_tenant(tmp_path, "acme", yes="acme")


def test_a_deletion_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    create_tenant(tmp_path, "acme")
    (tmp_path / "acme" / "segue.db").write_bytes(b"sealed")
    for name in ("keys.db", "master.key"):
        (tmp_path / "acme" / name).unlink()

    delete_tenant(tmp_path, "acme", yes="acme")

    assert list(tmp_path.iterdir()) == []


def test_a_directory_with_other_things_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_bytes(b"cat")

    with pytest.raises(MissingError):
        delete_tenant(tmp_path, "photos", yes="photos")
    assert (tmp_path / "photos" / "cat.png").exists()
