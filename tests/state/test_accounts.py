from __future__ import annotations

from datetime import datetime, timedelta

from klantreis.state import AuditLine, Key, State

NOON = datetime(2026, 3, 1, 12)


def test_a_user_is_added_once_and_changed(state: State) -> None:
    assert state.users.add("ann", "viewer", NOON)
    assert not state.users.add("ann", "admin", NOON)
    state.users.change("ann", role="editor", password_hash="x")
    user = state.users.find("ann")
    assert user is not None
    assert (user.role, user.password_hash, user.is_active) == ("editor", "x", True)
    assert state.users.find("bob") is None


def test_a_link_is_used_by_one_only(state: State) -> None:
    state.users.add("ann", "viewer", NOON)
    state.users.put_link("ann", "h1", NOON + timedelta(hours=1))
    assert state.users.link_owner("h1", NOON)
    assert state.users.link_owner("h1", NOON + timedelta(hours=1)) is None
    assert state.users.use_link("h1", NOON) == "ann"
    assert state.users.use_link("h1", NOON) is None


def test_whoever_gets_another_password_is_signed_out(state: State) -> None:
    state.users.add("ann", "viewer", NOON)
    state.users.put_sign_in("s1", "ann", "::1", NOON)
    assert state.users.signed_in("s1")
    state.users.change("ann", role="admin")
    assert state.users.signed_in("s1")
    state.users.change("ann", password_hash="y")
    assert state.users.signed_in("s1") is None


def test_old_sign_ins_are_forgotten(state: State) -> None:
    state.users.add("ann", "viewer", NOON)
    state.users.put_sign_in("old", "ann", "::1", NOON)
    state.users.put_sign_in("new", "ann", "::1", NOON + timedelta(days=8))
    state.users.end_sign_ins_before(NOON + timedelta(days=1), NOON)
    assert [one.signed_in_at for one in state.users.sign_ins("ann")] == [NOON + timedelta(days=8)]


def test_a_key_is_revoked_once(state: State) -> None:
    state.keys.add(Key("k1", "till", "collect", "till", "ann", NOON, None, None), "hash")
    found = state.keys.find("hash")
    assert found is not None
    assert found.used_at is None
    assert state.keys.revoke("k1", NOON)
    assert not state.keys.revoke("k1", NOON)
    assert state.keys.all()[0].revoked_at == NOON


def test_the_audit_log_is_read_newest_first_and_filtered(state: State) -> None:
    for n, who in enumerate(("ann", "bob", "ann")):
        state.audit.add(AuditLine(NOON + timedelta(minutes=n), who, "export", f"t{n}", "::1"))
    assert [line.subject for line in state.audit.lines(actor="ann")] == ["t2", "t0"]
    assert state.audit.count() == 3
    assert state.audit.choices() == (("ann", "bob"), ("export",))
    assert state.audit.forget_before(NOON + timedelta(minutes=1)) == 1
    assert state.audit.count(actor="ann") == 1


def test_a_long_subject_is_cut(state: State) -> None:
    state.audit.add(AuditLine(NOON, "a" * 500, "export", "b" * 500, "::1"))
    assert len(state.audit.lines()[0].subject) == 300


def test_failures_are_counted_by_subject(state: State) -> None:
    assert state.waits.get("x") == (0, None)
    state.waits.put("x", 3, NOON)
    assert state.waits.get("x") == (3, NOON)
    state.waits.forget_before(NOON + timedelta(seconds=1))
    assert state.waits.get("x") == (0, None)
