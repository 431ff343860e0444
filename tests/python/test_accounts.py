"""Passwords, invites, sign-ins and tickets, on a real store."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

import labelwidgets as lw
from labelwidgets.accounts import Accounts, Patience, digest
from labelwidgets.store import open_store

GOOD = "four plain words here"


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "s.db")
    for who in ("ann", "ben"):
        opened.save_member(who, name=who.title(), role="annotator", actor="mia")
    yield opened
    opened.close()


@pytest.fixture
def accounts(store):
    return Accounts(store)


def with_password(accounts, who="ann", password=GOOD):
    return accounts.accept(accounts.invite(who, actor="mia"), password)


class TestInvites:
    def test_one_gives_a_password_once(self, accounts):
        word = accounts.invite("ann", actor="mia")
        assert accounts.invited(word).id == "ann"
        assert accounts.accept(word, GOOD) == "ann"
        assert accounts.check("ann", GOOD) == "ann"
        assert accounts.invited(word) is None
        with pytest.raises(lw.AccountError, match="used already"):
            accounts.accept(word, "another long password")
        assert accounts.check("ann", GOOD) == "ann"

    def test_two_at_once_use_it_once(self, accounts):
        word, done = accounts.invite("ann", actor="mia"), []

        def accept(password):
            try:
                done.append(accounts.accept(word, password))
            except lw.AccountError as error:
                done.append(str(error))

        threads = [threading.Thread(target=accept, args=(f"a long password {n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert done.count("ann") == 1

    def test_old_and_replaced_ones_are_no_good(self, accounts):
        old = accounts.invite("ann", ttl=timedelta(seconds=0), actor="mia")
        assert accounts.invited(old) is None
        first = accounts.invite("ann", actor="mia")
        second = accounts.invite("ann", actor="mia")
        assert accounts.invited(first) is None
        assert accounts.invited(second).id == "ann"

    @pytest.mark.parametrize("word", ["", "x", "y" * 10_000, "\0", "ü"])
    def test_no_other_word_is(self, accounts, word):
        assert accounts.invited(word) is None
        with pytest.raises(lw.AccountError):
            accounts.accept(word, GOOD)

    def test_they_are_for_members_only(self, accounts, store):
        with pytest.raises(lw.AccountError, match="'eve' is no member"):
            accounts.invite("eve", actor="mia")
        word = accounts.invite("ben", actor="mia")
        store.save_member("ben", active=False, actor="mia")
        assert accounts.invited(word) is None
        with pytest.raises(lw.AccountError):
            accounts.invite("ben", actor="mia")

    @pytest.mark.parametrize(
        ("password", "said"),
        [
            ("short", "at least 10 characters, yours has 5"),
            ("x" * 1001, "at least 10"),
            ("abcabcabcabc", "over and over"),
            ("Maximiliane", "own name"),
            ("maximiliane", "own name"),
        ],
    )
    def test_a_bad_password_uses_nothing_up(self, accounts, store, password, said):
        store.save_member("maximiliane", name="Maximiliane", role="annotator", actor="mia")
        word = accounts.invite("maximiliane", actor="mia")
        with pytest.raises(lw.AccountError, match=said):
            accounts.accept(word, password)
        assert accounts.invited(word) is not None

    def test_a_new_password_ends_what_the_old_one_opened(self, accounts):
        with_password(accounts)
        word = accounts.sign_in("ann")
        with_password(accounts, password="another long password")
        assert accounts.whose(word) is None
        assert accounts.check("ann", GOOD) is None


class TestPasswords:
    def test_they_are_kept_as_argon2id_and_nothing_else_is(self, accounts, store, tmp_path):
        with_password(accounts)
        assert store.secret("ann").startswith("$argon2id$")
        store.close()
        for path in tmp_path.iterdir():
            assert GOOD.encode() not in path.read_bytes(), path

    @pytest.mark.parametrize("typed", ["", "four plain words Here", GOOD + " ", "x" * 100_000, "\0"])
    def test_another_is_wrong(self, accounts, typed):
        with_password(accounts)
        assert accounts.check("ann", typed) is None

    def test_composed_letters_are_the_same_however_they_are_typed(self, accounts):
        with_password(accounts, password="zwölf Wörter für Ann")
        assert accounts.check("ann", "zwo\u0308lf Wo\u0308rter fu\u0308r Ann") == "ann"

    def test_nobody_has_one_to_begin_with(self, accounts):
        for password in ("", "ben", "Ben", "password", "12345678", "None"):
            assert Accounts(accounts._store).check("ben", password) is None

    def test_it_opens_nothing_once_access_has_ended(self, accounts, store):
        with_password(accounts)
        store.save_member("ann", active=False, actor="mia")
        assert accounts.check("ann", GOOD) is None

    def test_unknown_people_take_as_much_work_as_known_ones(self, accounts, monkeypatch):
        with_password(accounts)
        seen = []
        verify = PasswordHasher.verify
        monkeypatch.setattr(PasswordHasher, "verify", lambda *args: seen.append(args[1]) or verify(*args))
        for who in ("ann", "ben", "nobody", "", "a\0", "x" * 500):
            accounts.check(who, "a wrong password")
        assert len(seen) == 6
        assert all(kept.startswith("$argon2id$") for kept in seen)
        assert len({kept.rsplit("$", 2)[0] for kept in seen}) == 1, "other parameters take other time"

    def test_weaker_hashes_are_made_anew(self, accounts, store):
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        store.save_secret("ann", weak.hash(GOOD), actor="mia")
        assert accounts.check("ann", GOOD) == "ann"
        assert not PasswordHasher().check_needs_rehash(store.secret("ann"))
        assert accounts.check("ann", GOOD) == "ann"

    def test_a_broken_hash_opens_nothing(self, accounts, store):
        store.save_secret("ann", "plain text", actor="mia")
        assert accounts.check("ann", "plain text") is None

    def test_at_most_two_are_hashed_at_once(self, accounts, monkeypatch):
        with_password(accounts)
        now, most, lock, free = 0, 0, threading.Lock(), threading.Event()

        def slow(*_):
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            free.wait(0.05)
            with lock:
                now -= 1
            return True

        monkeypatch.setattr(PasswordHasher, "verify", slow)
        monkeypatch.setattr(PasswordHasher, "check_needs_rehash", lambda *_: False)
        threads = [threading.Thread(target=accounts.check, args=(f"p{n}", "x")) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert most == 2


class TestGuessing:
    def test_after_some_wrong_ones_a_person_has_to_wait(self, accounts):
        with_password(accounts)
        for _ in range(5):
            assert accounts.check("ann", "a wrong password") is None
        with pytest.raises(lw.AccountError, match=r"Too many wrong passwords: wait (1 second|\d+ seconds),"):
            accounts.check("ann", GOOD)
        assert accounts.check("ben", "x") is None, "others wait as well"

    def test_after_many_an_address_has_to_wait(self, accounts, monkeypatch):
        monkeypatch.setattr(Accounts, "_is_password", lambda *_: False)
        for n in range(20):
            accounts.check(f"person {n}", "x", address="10.0.0.1")
        with pytest.raises(lw.AccountError):
            accounts.check("person 21", "x", address="10.0.0.1")
        assert accounts.check("person 21", "x", address="10.0.0.2") is None

    def test_waits_double_up_to_a_longest_and_are_forgotten(self):
        now = [0.0]
        patience = Patience(2, 10.0, window=100.0, clock=lambda: now[0])
        waits = []
        for _ in range(8):
            patience.failed("k")
            waits.append(patience.wait("k"))
        assert waits == [0, 1, 2, 4, 8, 10, 10, 10]
        now[0] = 9.0
        assert patience.wait("k") == 1.0
        now[0] = 101.0
        assert patience.wait("k") == 0.0
        patience.failed("k")
        assert patience.wait("k") == 0.0

    def test_success_forgets(self):
        patience = Patience(1, 10.0, clock=lambda: 0.0)
        patience.failed("k")
        patience.forget("k")
        assert patience.wait("k") == 0
        patience.failed("a")
        patience.failed("a")
        patience.undo("a")
        assert patience.wait("a") == 1.0

    def test_it_remembers_so_many_keys(self, monkeypatch):
        monkeypatch.setattr(Patience, "KEYS", 3)
        patience = Patience(1, 10.0, clock=lambda: 0.0)
        for key in "abcd":
            patience.failed(key)
        assert [patience.wait(key) for key in "abcd"] == [0, 1, 1, 1]


class TestSignIns:
    def test_a_word_says_who_until_it_ends(self, accounts):
        one, two = accounts.sign_in("ann"), accounts.sign_in("ann")
        assert accounts.whose(one).name == "Ann"
        accounts.sign_out(one)
        assert accounts.whose(one) is None
        assert accounts.whose(two).id == "ann"
        assert accounts.end("ann") == 1
        assert accounts.whose(two) is None

    def test_it_ends_with_time_and_with_access(self, accounts, store):
        assert accounts.whose(accounts.sign_in("ann", ttl=timedelta(seconds=0))) is None
        word = accounts.sign_in("ben")
        store.save_member("ben", active=False, actor="mia")
        assert accounts.whose(word) is None
        store.save_member("ben", active=True, actor="mia")
        assert accounts.whose(word) is None, "who comes back signs in anew"

    @pytest.mark.parametrize("word", ["", "x", "z" * 10_000, "\0", "\ud800"])
    def test_no_other_word_says_anything(self, accounts, word):
        assert accounts.whose(word) is None
        accounts.sign_out(word)

    def test_nobody_is_signed_in_who_is_no_member(self, accounts):
        with pytest.raises(lw.AccountError, match="no member"):
            accounts.sign_in("eve")

    def test_the_store_keeps_no_word(self, accounts, store, tmp_path):
        words = [
            accounts.sign_in("ann"),
            accounts.invite("ann", actor="mia"),
            accounts.ticket("ann", "kernel"),
        ]
        store.close()
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert [word for word in words if word.encode() in kept] == []

    def test_no_event_tells_a_secret(self, accounts, store):
        with_password(accounts)
        word = accounts.sign_in("ann")
        told = str([event.payload for event in store.events()])
        for secret in (GOOD, word, digest(word).hex(), store.secret("ann"), "argon2"):
            assert secret not in told


class TestTickets:
    def test_each_is_for_one_kernel_once(self, accounts):
        word = accounts.ticket("ann", "k1")
        assert accounts.redeem(word, "k2") is None
        word = accounts.ticket("ann", "k1")
        assert accounts.redeem(word, "k1") == "ann"
        assert accounts.redeem(word, "k1") is None

    @pytest.mark.parametrize("word", ["", "x", "w" * 10_000])
    def test_no_other_word_is_one(self, accounts, word):
        assert accounts.redeem(word, "k1") is None
