from typing import Any

from ui.delays import Delays

Clock = Any  # the one of conftest.py


def fail(delays: Delays, name: str, address: str, times: int) -> None:
    for _ in range(times):
        delays.begin(name, address)


def test_mistyping_once_costs_nothing_and_then_twice_as_long_each_time(clock: Clock) -> None:
    delays = Delays(clock)
    waits = []
    for _ in range(9):
        delays.begin("anna", "10.0.0.1")
        waits.append(delays.wait("anna", "10.0.0.1"))

    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_the_wait_passes_with_time(clock: Clock) -> None:
    delays = Delays(clock)
    fail(delays, "anna", "10.0.0.1", 4)

    clock.seconds = 3

    assert delays.wait("anna", "10.0.0.1") == 4 - 3
    clock.seconds = 4
    assert delays.wait("anna", "10.0.0.1") == 0


def test_many_names_from_one_address_wait(clock: Clock) -> None:
    delays = Delays(clock)
    for number in range(12):
        delays.begin(f"name {number}", "10.0.0.1")

    assert delays.wait("anna", "10.0.0.1") == 2
    assert delays.wait("anna", "10.0.0.2") == 0


def test_one_name_from_many_addresses_waits_but_never_long(clock: Clock) -> None:
    delays = Delays(clock)
    for number in range(100):
        delays.begin("anna", f"10.0.0.{number}")

    assert delays.wait("anna", "10.0.1.1") == 10
    assert delays.wait("bruno", "10.0.1.1") == 0


def test_the_right_password_is_no_wrong_attempt(clock: Clock) -> None:
    delays = Delays(clock)
    for _ in range(50):
        delays.begin("anna", "10.0.0.1")
        delays.forgive("anna", "10.0.0.1")

    assert delays.wait("anna", "10.0.0.1") == 0


def test_ones_own_password_between_does_not_help_to_try_that_of_others(clock: Clock) -> None:
    delays = Delays(clock)
    for number in range(12):
        delays.begin(f"name {number}", "10.0.0.1")
        delays.begin("mallory", "10.0.0.1")
        delays.forgive("mallory", "10.0.0.1")

    assert delays.wait("anna", "10.0.0.1") == 2


def test_what_went_wrong_is_forgotten_after_a_quarter_of_an_hour(clock: Clock) -> None:
    delays = Delays(clock)
    fail(delays, "anna", "10.0.0.1", 30)

    clock.seconds = 900
    delays.begin("anna", "10.0.0.1")

    assert delays.wait("anna", "10.0.0.1") == 0


def test_no_number_of_attempts_is_too_many(clock: Clock) -> None:
    delays = Delays(clock)
    fail(delays, "anna", "10.0.0.1", 5000)

    assert delays.wait("anna", "10.0.0.1") == 300
    for number in range(20_000):
        delays.begin(f"{number}", f"{number}")
    assert len(delays._attempts) == 10_000
