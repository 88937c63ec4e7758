"""Traits of character, and the face that shows each.

Nobody has two traits of one group, so that traits which contradict each other stand in the same group.
"""

TRAITS = (
    {
        "friendly": "friendly smile", "warm": "warm smile", "kind": "kind smile", "caring": "gentle smile",
        "considerate": "soft smile", "generous": "warm smile", "approachable": "welcoming smile",
        "sincere": "soft smile",
    },
    {
        "calm": "calm expression", "patient": "soft smile", "relaxed": "relaxed expression", "quiet": "faint smile",
        "reserved": "serious expression", "outgoing": "broad smile", "lively": "big smile",
        "energetic": "bright smile", "enthusiastic": "big smile", "easygoing": "relaxed expression",
    },
    {
        "curious": "curious expression", "thoughtful": "thoughtful expression", "analytical": "serious expression",
        "practical": "serious expression", "reflective": "pensive expression", "attentive": "calm expression",
        "meticulous": "serious expression", "inquisitive": "curious expression",
    },
    {
        "determined": "determined expression", "confident": "confident smile", "ambitious": "determined expression",
        "modest": "soft smile", "persistent": "determined expression", "responsible": "serious expression",
        "driven": "determined expression", "composed": "calm expression",
    },
    {
        "cheerful": "happy smile", "playful": "wide grin", "witty": "smirk", "humorous": "wide grin",
        "serious": "serious expression", "earnest": "serious expression", "optimistic": "bright smile",
        "good-humored": "broad smile",
    },
)  # fmt: skip
EXPRESSIONS = {trait: face for group in TRAITS for trait, face in group.items()}
