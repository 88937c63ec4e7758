"""Words for hair styles. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

HAIR: Mapping[str, Meaning] = {
    "short": Meaning(None, "cropped, ear length, crop"),
    "medium": Meaning(None, "medium length, shoulder length, chin length, mid length"),
    "long": Meaning(None, "waist length, flowing, very long"),
    "straight": Meaning(None, "sleek, flat"),
    "wavy": Meaning(None, "waves, waved, beach waves"),
    "curly": Meaning("wavy", "curls, curled, ringlets, perm, permed"),
    "coily": Meaning("curly", "kinky, natural coils, twists, coils"),
    "afro": Meaning("coily", "fro"),
    "braids": Meaning("dreadlocks", "braid, braided, cornrows, box braids, plaits, plait"),
    "dreadlocks": Meaning("coily", "dreads, locs, dreadlock"),
    "bun": Meaning("long", "top knot, topknot, man bun, chignon, updo"),
    "buns": Meaning("bun", "space buns, double buns"),
    "ponytail": Meaning("bun", "pony tail, pony"),
    "pigtails": Meaning("ponytail", "bunches"),
    "bob": Meaning("medium", "lob, bobbed"),
    "pixie": Meaning("short", "pixie cut"),
    "buzz": Meaning("short", "buzz cut, buzzcut, crew cut, crewcut, shaved head"),
    "side-part": Meaning("short", "side parted, parted, comb over, combover, ivy league"),
    "quiff": Meaning("short", "pompadour, slicked back, swept back"),
    "spiky": Meaning("shaggy", "spiked, spikes"),
    "shaggy": Meaning("wavy", "messy, tousled, shag, layered"),
    "undercut": Meaning("short", "fade, fade cut, shaved sides, high top"),
    "mohawk": Meaning("undercut", "mohican"),
    "mullet": Meaning("medium"),
    "fringe": Meaning("bob", "bangs"),
    "balding": Meaning("bald", "receding, receding hairline, thinning, half bald"),
    "bald": Meaning("buzz", "hairless, shaven, no hair, bald head"),
}
