"""The garments that texts name: one a line, with what is drawn where an art style has no drawing of it.

Every row leads, over the nearest garment of the nearest garment, to "casual", which every art style with a body
draws: whatever is asked for, somebody wears something.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Garment(NamedTuple):
    """``nearest`` is another garment or a style of dress, ``phrases`` are other words for this one."""

    nearest: str
    phrases: str = ""


GARMENTS: Mapping[str, Garment] = {
    "t-shirt": Garment("casual", "t shirt, tshirt, tee, crew neck, shirt top"),
    "v-neck": Garment("t-shirt", "v neck"),
    "blouse": Garment("t-shirt"),
    "tank top": Garment(
        "blouse",
        "tanktop, sleeveless top, sleeveless shirt, singlet, undershirt, camisole, tube top, crop top, halter top, "
        "leotard",
    ),
    "hoodie": Garment("sporty", "hoody, hooded sweatshirt, sweatshirt"),
    "sweater": Garment("smart-casual", "jumper, pullover, cardigan, knitwear"),
    "shirt": Garment("casual", "collared shirt, button down, polo, polo shirt, dress shirt, collar"),
    "suit": Garment("formal", "blazer, suit jacket, sport coat, tuxedo"),
    "jacket": Garment(
        "suit",
        "coat, leather jacket, denim jacket, bomber, bomber jacket, parka, anorak, raincoat, overcoat, trench coat",
    ),
    "lab coat": Garment("suit", "white coat, medical coat, doctors coat"),
    "waistcoat": Garment("suit", "vest, suit vest"),
    "turtleneck": Garment("sweater", "turtle neck, roll neck, polo neck"),
    "overalls": Garment("workwear", "overall, dungarees, bib overalls"),
    "jumpsuit": Garment("overalls", "boiler suit, boilersuit, coverall, coveralls"),
    "apron": Garment("overalls", "pinafore, pinafore dress"),
    "graphic shirt": Garment("t-shirt", "graphic t shirt, graphic tee, printed shirt, band shirt"),
    "checkered shirt": Garment("shirt", "checked shirt, plaid shirt, flannel, flannel shirt, plaid"),
    "uniform": Garment("shirt", "dress uniform, school uniform, police uniform, army uniform, military uniform"),
    "scrubs": Garment("v-neck", "medical scrubs"),
    "dress": Garment(
        "blouse", "gown, sundress, evening dress, evening gown, wedding dress, ball gown, frock, minidress, nightgown"
    ),
    "sari": Garment("blouse", "saree, lehenga"),
    "kimono": Garment("v-neck", "yukata, furisode, haori, hanbok, hanfu, robe, bathrobe, dressing gown"),
    "tunic": Garment("v-neck", "kurta, kaftan, caftan, thobe, djellaba, abaya, dashiki, poncho"),
    "swimsuit": Garment("tank top", "bikini, swimwear, bathing suit, swim trunks, beachwear"),
    "underwear": Garment("tank top", "lingerie, bra, negligee, corset, bodysuit, intimates"),
    "no clothes": Garment(
        "t-shirt",
        "nude, naked, shirtless, topless, bare chested, barechested, unclothed, undressed, no clothing, no shirt, "
        "without clothes, without clothing, without a shirt, without shirt",
    ),
}
