"""Words for hair styles. The meaning, then the other words that say it."""

from collections.abc import Mapping

HAIR: Mapping[str, str] = {
    "short": "cropped, ear length, crop",
    "medium": "medium length, shoulder length, chin length, mid length",
    "long": "waist length, flowing, very long",
    "straight": "sleek, flat",
    "wavy": "waves, waved, beach waves",
    "curly": "curls, curled, ringlets, perm, permed",
    "coily": "kinky, natural coils, twists, coils",
    "afro": "fro",
    "braids": "braid, braided, cornrows, box braids, plaits, plait",
    "dreadlocks": "dreads, locs, dreadlock",
    "bun": "top knot, topknot, man bun, chignon, updo",
    "buns": "space buns, double buns",
    "ponytail": "pony tail, pony",
    "pigtails": "bunches",
    "bob": "lob, bobbed",
    "pixie": "pixie cut",
    "buzz": "buzz cut, buzzcut, crew cut, crewcut, shaved head",
    "side-part": "side parted, parted, comb over, combover, ivy league",
    "quiff": "pompadour, slicked back, swept back",
    "spiky": "spiked, spikes",
    "shaggy": "messy, tousled, shag, layered",
    "undercut": "fade, fade cut, shaved sides, high top",
    "mohawk": "mohican",
    "mullet": "",
    "fringe": "bangs",
    "balding": "receding, receding hairline, thinning, half bald",
    "bald": "hairless, shaven, no hair, bald head",
}
