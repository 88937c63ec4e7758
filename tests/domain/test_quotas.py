"""Quotas as they are stored."""

from avatar_creator.domain.quotas import Quota, Quotas


def test_quotas_come_back_from_json() -> None:
    joint = Quota(("age", "gender"), {("18-24", "female"): 0.375, ("65+", "équipe"): 0.625})
    quotas = Quotas((joint, Quota(("style",), {("casual",): 1.0})))
    assert quotas.axes == ("age", "gender", "style")
    assert Quotas.from_json(quotas.as_json()) == quotas
