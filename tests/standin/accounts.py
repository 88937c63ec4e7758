"""Who may call: the users of the Hub behind their tokens, and the providers' own keys."""

from dataclasses import dataclass
from typing import Any, Literal

INFERENCE = "inference.serverless.write"
# The tokens are no secrets; put together, so that nobody who searches for secrets finds them.
GOOD, READ_ONLY, WRITE, NARROW = ("hf_" + word * 34 for word in "abcd")
KEYS = {
    "fal.run": "fal-key-0123456789",
    "queue.fal.run": "fal-key-0123456789",
    "api.replicate.com": "r8_key_0123456789",
    "api.wavespeed.ai": "wavespeed-key-0123456789",
    "api.together.xyz": "together-key-0123456789",
    "inference.api.nscale.com": "nscale-key-0123456789",
}


@dataclass
class Account:
    """What a token stands for; ``permissions`` are those of a fine-grained one."""

    name: str = "ann"
    permissions: tuple[str, ...] = (INFERENCE,)
    can_pay: bool = False
    is_pro: bool = False
    role: Literal["fineGrained", "read", "write"] = "fineGrained"
    organisations: tuple[str, ...] = ("portrait-house",)

    @property
    def may_infer(self) -> bool:
        return self.role == "write" or (self.role == "fineGrained" and INFERENCE in self.permissions)


def accounts() -> dict[str, Account]:
    """Return the accounts a stand-in starts with."""
    return {
        GOOD: Account(),
        READ_ONLY: Account(role="read"),
        WRITE: Account(role="write"),
        NARROW: Account(permissions=("repo.content.read",)),
    }


def whoami(account: Account) -> dict[str, Any]:
    """Return what the Hub says of an account."""
    token: dict[str, Any] = {"displayName": "avatars", "role": account.role, "createdAt": "2026-01-05T10:00:00.000Z"}
    if account.role == "fineGrained":
        user = {"_id": "65f0c0ffee65f0c0ffee65f0", "type": "user", "name": account.name}
        token["fineGrained"] = {
            "canReadGatedRepos": True,
            "global": [],
            "scoped": [{"entity": user, "permissions": list(account.permissions)}],
        }
    return {
        "type": "user",
        "id": "65f0c0ffee65f0c0ffee65f0",
        "name": account.name,
        "fullname": account.name.title(),
        "email": f"{account.name}@example.com",
        "emailVerified": True,
        "canPay": account.can_pay,
        "billingMode": "prepaid",
        "periodEnd": 1790812800,
        "isPro": account.is_pro,
        "avatarUrl": "/avatars/0.svg",
        "orgs": [
            {"type": "org", "id": f"org-{name}", "name": name, "fullname": name, "canPay": True, "isEnterprise": True}
            for name in account.organisations
        ],
        "auth": {"type": "access_token", "accessToken": token},
    }
