"""Words for hair styles. The meaning, then the one nearest to it, and the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning, kinds_of

_BRAIDS = (
    "french, dutch, two dutch, two french, twin, low twin, double, two, fishtail, fish tail, box, micro, crown, "
    "halo, milkmaid, waterfall, rope, lace, ladder, mermaid, "
    "goddess, knotless, lemonade, stitch, fulani, ghana, feed in, jumbo, senegalese, tribal, side, single, "
    "front, back, "
    "reverse, ribbon, pineapple, herringbone, headband, heart, infinity, zipper, snake, bubble, dragon, viking, "
    "sculptural, staircase, shoelace, stacked, tied up, twist, side twist, s shaped, milk and honey, three strand, "
    "four strand, five strand, dutch fishtail, french fishtail, french dutch, dutch french, reverse french, "
    "reverse dutch, french rope, low, high, long, multiple, tight, loose, messy, thick, thin, small, boho, upside down"
)
_BOBS = (
    "french, italian, blunt, stacked, inverted, a line, aline, graduated, angled, chin length, jaw length, "
    "long, short, "
    "classic, smooth, sleek, box, micro, pageboy, swing, shoulder length, bubble, power"
)
_BUNS = (
    "ballerina, hair, single, single hair, messy, low, high, top, man, chignon, sock, doughnut, donut, "
    "doughnut hair, sleek, half, tight, loose, librarian, heart hair, cone hair, side, ballet"
)
_FADES = (
    "high, low, mid, medium, drop, skin, high skin, low skin, mid skin, high taper, low taper, temp, temple, "
    "razor, burst, bald, scissor, shadow, undercut, south of france, high top, zero"
)
_BANGS = (
    "curtain, side swept, sideswept, side, swept, blunt, baby, micro, wispy, straight, straight across, long, "
    "short, parted, fringed, see through, feathered, full, thick, birkin, french, "
    "piecey, soft, "
    "layered, heavy, round, straight cut, arched, bottleneck"
)
_PONYTAILS = "high, low, side, sleek, front, split, folded, braided, bubble, messy, slicked back, half up, half, tight"

HAIR: Mapping[str, Meaning] = {
    # Length
    "short": Meaning(
        None,
        "cropped, ear length, crop, very short, short cropped, boy cut, scissor cut, "
        "close cropped, tomboy, short cut, extra short, super short, shorn",
    ),
    "medium": Meaning(
        None,
        "medium length, shoulder length, chin length, mid length, neck length, collarbone length, midlength, "
        "jaw length, semi long, medium long",
    ),
    "long": Meaning(
        None,
        "waist length, flowing, very long, extra long, super long, absurdly long, hip length, knee length, "
        "floor length, back length, mid back length, lengthy, rapunzel, down to her waist, down to his waist, "
        "down to the waist, ankle length, bra length, long flowing",
    ),
    # Texture
    "straight": Meaning(
        None, "sleek, flat, smooth, pin straight, poker straight, straightened, lank, ironed, silk press"
    ),
    "wavy": Meaning(
        None,
        "waves, waved, beach waves, beachy, beachy waves, loose waves, soft waves, mermaid waves, finger waves, "
        "hollywood waves, deep waves, body wave, body waves, wave, crimped, marcel waves, 360 waves, loose curls, "
        "s waves, retro waves, marmaid waves, undulating, crimps, 2a, 2b, 2c, windblown waves",
    ),
    "curly": Meaning(
        "wavy",
        "curls, curled, ringlets, perm, permed, jheri curl, jheri curls, spiral curls, tight curls, corkscrew curls, "
        "corkscrews, ringlet, drill hair, twin drills, curly perm, hair ringlets, spiral perm, 3a, 3b, 3c, "
        "frizzy, frizz, "
        "curly frizzy, big curls, bouncy curls, ringleted, s curl",
    ),
    "coily": Meaning(
        "curly",
        "kinky, natural coils, coils, kinky curly, kinky hair, coiled, twist out, twistout, wash and go, "
        "afro textured, "
        "4a, 4b, 4c, type 4, finger coils, braid out, tightly coiled",
    ),
    # Cuts and what is done with hair
    "afro": Meaning(
        "coily", "fro, loose curly afro, big afro, natural afro, faded afro, rounded afro, afro hair, teeny afro"
    ),
    "braids": Meaning(
        "dreadlocks",
        "braid, braided, plaits, plait, plaited, " + kinds_of("braid", _BRAIDS) + ", " + kinds_of("braids", _BRAIDS),
    ),
    "cornrows": Meaning("braids", "cornrow, corn rows, canerows, cornrow braids, braided cornrows, side cornrows"),
    "dreadlocks": Meaning(
        "coily", "dreads, locs, dreadlock, sisterlocks, faux locs, goddess locs, dreaded, rastafarian"
    ),
    "twists": Meaning(
        "dreadlocks",
        "two strand twists, flat twists, mini twists, passion twists, senegalese twists, marley twists, havana twists, "
        "kinky twists, spring twists, rope twists, twisted, micro twists",
    ),
    "bantu-knots": Meaning("coily", "bantu, bantu knot, zulu knots, nubian knots"),
    "bun": Meaning(
        "long",
        "top knot, topknot, messy topknot, messy top knot, chignon, updo, up do, updo hairstyle, french twist, "
        "pinned up, hair up, put up, "
        "hair in a bun, chonmage, wedding updo, prom hairstyle, french roll, braided bun, " + kinds_of("bun", _BUNS),
    ),
    "half up": Meaning(
        "bun",
        "half up half down, half updo, half up do, half up top knot, half down, half up bun, half up hair, one side up",
    ),
    "beehive": Meaning("bun", "beehivecut, bouffant, beehive hairdo, nihongami"),
    "buns": Meaning(
        "bun",
        "space buns, double buns, double bun, two buns, twin buns, hair buns, afro puffs, odango, afro puff, "
        "space bun, "
        "double hair buns, puffs, two side up",
    ),
    "ponytail": Meaning(
        "bun",
        "pony tail, pony, ponytails, tied back, hair tied back, hair pulled back, pulled back, gathered back, "
        "tied hair, " + kinds_of("ponytail", _PONYTAILS) + ", " + kinds_of("pony", "high, low, side"),
    ),
    "pigtails": Meaning(
        "ponytail",
        "bunches, twintails, twin tails, twin ponytails, two ponytails, double ponytail, twintail, pigtail, "
        ""
        "low twintails, "
        "dutch pigtails, uneven twintails, pig tails",
    ),
    "bob": Meaning(
        "medium",
        "lob, bobbed, bob cut, blunt, blunt cut, wedge cut, wedge, smooth lob, long lob, " + kinds_of("bob", _BOBS),
    ),
    "bowl": Meaning(
        "fringe",
        "bowl cut, pageboy, page boy, mushroom cut, pageboy cut, hime cut, okappa, pudding bowl, bowl haircut, "
        "moptop, mop top, beatles cut",
    ),
    "pixie": Meaning(
        "short",
        "pixie cut, cropped pixie, long pixie, sweeping pixie, sideswept pixie, side swept pixie, elfin, elfin cut, "
        "gamine, tapered pixie, pixie bob, pixie crop, bixie",
    ),
    "buzz": Meaning(
        "short",
        "buzz cut, buzzcut, crew cut, crewcut, crew, shaved head, buzzed, butch cut, induction cut, high and tight, "
        "military cut, army cut, shaved, close shaved, close cut, very closely cropped, stubble hair, marine cut, "
        "military haircut, army haircut, marine haircut, brush cut",
    ),
    "caesar": Meaning(
        "buzz",
        "caesar cut, french crop, textured crop, modern caesar, cropped top, short crop, french cut, crop top fade, "
        "edgar, edgar cut, roman cut, crop cut, caesar fade",
    ),
    "fade": Meaning(
        "buzz",
        "fade cut, fades, faded, short back and sides, taper, tapered, fade haircut, taper cut, "
        "temp fade cut, " + kinds_of("fade", _FADES),
    ),
    "flat-top": Meaning(
        "fade", "flattop, box fade, high top, hi top, hi top fade, flat top fade, flat topcut, high top dreads"
    ),
    "side-part": Meaning(
        "short",
        "side parted, parted, comb over, combover, ivy league, deep side part, side swept, sideswept, "
        "parted to the side, "
        "side parting, side comb, comb over fade, gentleman cut, princeton, side sweep, hard part, swept to the side",
    ),
    "quiff": Meaning(
        "short", "pompadour, modern quiff, pomp, rockabilly, brush up, brushed up, elvis, modern pompadour, coiffed"
    ),
    "slick back": Meaning(
        "quiff",
        "slicked back, swept back, slicked, slick, brushed back, combed back, brush back, wet look, slickback, "
        "hair slicked back, wet look hairstyle, greased back, gelled back, slick backed, gelled",
    ),
    "faux-hawk": Meaning("undercut", "fauxhawk, frohawk, fohawk, fro hawk"),
    "spiky": Meaning("shaggy", "spiked, spikes, spikey, pointy, spiky cut, liberty spikes, spiked up, gelled spikes"),
    "shaggy": Meaning(
        "wavy",
        "messy, tousled, shag, modern shag, unkempt, disheveled, dishevelled, windswept, wind swept, bedhead, "
        "bed head, "
        "bushy, ruffled, shag cut, tousle, unruly, scruffy, windblown, messy hair, rumpled, untamed, uncombed",
    ),
    "layered": Meaning(
        "wavy",
        "layers, layer cut, feathered, choppy, choppy layers, razor cut, textured, layered cut, "
        "butterfly cut, "
        "feathered layers, farrah, textured cut, razored, hush cut, flipped",
    ),
    "undercut": Meaning(
        "short",
        "shaved sides, side shave, side shaved, right side shaved, left side shaved, shaved side, half shaved, "
        "disconnected undercut, undershave, side undercut, one side shaved, shaved on one side",
    ),
    "mohawk": Meaning("undercut", "mohican, mohawk fade, braided mohawk"),
    "mullet": Meaning("medium", "wolf cut, wolfcut, shullet, modern mullet, mullet cut, mixie, mullet fade"),
    "fringe": Meaning(
        "bob",
        "bangs, bang, fringes, with bangs, " + kinds_of("bangs", _BANGS) + ", " + kinds_of("fringe", _BANGS),
    ),
    "hair over one eye": Meaning(
        "fringe", "hair over eyes, hair between eyes, peekaboo, peek a boo bangs, over one eye"
    ),
    # Little hair
    "balding": Meaning(
        "bald",
        "receding, receding hairline, thinning, half bald, thinning hair, bald spot, bald on top, tonsure, "
        "partly bald, male pattern baldness, balding on top, high receding hairline, "
        "hardly any hair, barely any hair, little hair, losing his hair, losing hair",
    ),
    "bald": Meaning(
        "buzz",
        "hairless, shaven, no hair, bald head, shaven head, clean shaven head, completely bald, shaved bald, "
        "baldness, baldy, hair shaved off",
    ),
}
