"""The garments that texts name: one a line, with what is drawn where an art style has no drawing of it.

Every row leads, over the nearest garment of the nearest garment, to "casual", which every art style with a body
draws: whatever is asked for, somebody wears something.
"""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning

GARMENTS: Mapping[str, Meaning] = {
    "t-shirt": Meaning("casual", "t shirt, tshirt, tee, crew neck, shirt top"),
    "v-neck": Meaning("t-shirt", "v neck"),
    "blouse": Meaning("t-shirt"),
    "tank top": Meaning(
        "blouse",
        "tanktop, sleeveless top, sleeveless shirt, singlet, undershirt, camisole, tube top, crop top, halter top, "
        "leotard",
    ),
    "hoodie": Meaning("sporty", "hoody, hooded sweatshirt, sweatshirt"),
    "sweater": Meaning("smart-casual", "jumper, pullover, cardigan, knitwear"),
    "shirt": Meaning("casual", "collared shirt, button down, polo, polo shirt, dress shirt, collar"),
    "suit": Meaning("formal", "suit jacket"),
    "blazer": Meaning("suit", "sport coat, sports coat"),
    "tie": Meaning("suit", "necktie, suit and tie, shirt and tie"),
    "tuxedo": Meaning("suit", "bow tie, bowtie, dinner jacket"),
    "jacket": Meaning(
        "suit",
        "coat, leather jacket, denim jacket, bomber, bomber jacket, parka, anorak, raincoat, overcoat, trench coat",
    ),
    "lab coat": Meaning("suit", "white coat, medical coat, doctors coat"),
    "waistcoat": Meaning("suit", "vest, suit vest"),
    "turtleneck": Meaning("sweater", "turtle neck, roll neck, polo neck"),
    "overalls": Meaning("workwear", "overall, dungarees, bib overalls"),
    "jumpsuit": Meaning("overalls", "boiler suit, boilersuit, coverall, coveralls"),
    "apron": Meaning("overalls", "pinafore, pinafore dress"),
    "graphic shirt": Meaning("t-shirt", "graphic t shirt, graphic tee, printed shirt, band shirt"),
    "checkered shirt": Meaning("shirt", "checked shirt, plaid shirt, flannel, flannel shirt, plaid"),
    "uniform": Meaning("shirt", "dress uniform, school uniform, police uniform, army uniform, military uniform"),
    "scrubs": Meaning("v-neck", "medical scrubs"),
    "dress": Meaning(
        "blouse", "gown, sundress, evening dress, evening gown, wedding dress, ball gown, frock, minidress, nightgown"
    ),
    "sari": Meaning("blouse", "saree, lehenga"),
    "kimono": Meaning("v-neck", "yukata, furisode, haori, hanbok, hanfu, robe, bathrobe, dressing gown"),
    "tunic": Meaning("v-neck", "kurta, kaftan, caftan, thobe, djellaba, abaya, dashiki, poncho"),
    "swimsuit": Meaning("tank top", "bikini, swimwear, bathing suit, swim trunks, beachwear"),
    "underwear": Meaning("tank top", "lingerie, bra, negligee, corset, bodysuit, intimates"),
    "no clothes": Meaning(
        "t-shirt",
        "nude, naked, shirtless, topless, bare chested, barechested, unclothed, undressed, no clothing, no shirt, "
        "without clothes, without clothing, without a shirt, without shirt",
    ),
}
