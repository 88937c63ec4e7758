"""Chance of casts."""

import math

from avatar_creator.casts.draws import Draws, digest


def test_draws_are_the_same_on_every_machine() -> None:
    assert digest(7, 1, "eyes").hex()[:16] == "0081083e5f2ef62a"
    assert Draws(7, 1).share("eyes") == 0.001968875148289362


def test_each_name_and_each_number_has_a_draw_of_its_own() -> None:
    shares = {Draws(seed, number).share(of) for seed in (1, 2) for number in range(50) for of in ("eyes", "hair")}
    assert len(shares) == 200
    assert all(0 <= share < 1 for share in shares)


def test_values_are_as_likely_as_their_weights() -> None:
    weights = {"brown": 6, "blue": 3, "green": 1}
    drawn = [Draws(3, number).weighted("eyes", weights) for number in range(4000)]
    for value, weight in weights.items():
        deviation = math.sqrt(4000 * weight / 10 * (1 - weight / 10))
        assert abs(drawn.count(value) - 400 * weight) < 4 * deviation


def test_a_weight_of_nothing_is_never_drawn() -> None:
    assert {Draws(3, number).weighted("eyes", {"brown": 0, "blue": 1, "red": 0}) for number in range(500)} == {"blue"}


def test_whole_numbers_reach_both_ends() -> None:
    assert {Draws(3, number).integer("years", 20, 29) for number in range(500)} == set(range(20, 30))
    assert {Draws(3, number).integer("years", 25, 25) for number in range(20)} == {25}
