"""Words of natural prompts: what they show, and how they stand in a sentence. Data alone."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# -- people

COMMON = _words(  # in values of any kind: they are no names, and lose a capital
    "evening hair black brown blonde blond red gray grey white silver pastel light dark pale fair medium and pepper "
    "salt blue green hazel amber violet braided braid with double curly full circle anchor soul mutton friendly "
    "party punk gothic hipster preppy vintage bohemian edgy streetwear chic"
)
LINKS = _words("and or of from with in half part the born to non parents family")
WOMEN = _words("female woman women lady girl f w femme gal mother")
MEN = _words("male man men gentleman boy m guy father")
PEOPLE = _words("person people individual human adult someone somebody")
OWN_NOUNS = _words("girl boy lady gentleman")  # they stay as they are given
YOUNG = _words("girl boy")  # unless an age says otherwise
# What a gender says that is neither of both; empty: nothing that is seen.
GENDERS = {
    "non-binary": "androgynous non-binary",
    "nonbinary": "androgynous non-binary",
    "non binary": "androgynous non-binary",
    "enby": "androgynous non-binary",
    "neither": "androgynous",
    "androgyne": "androgynous",
    "gender neutral": "androgynous",
    "gender-neutral": "androgynous",
    "gender questioning": "gender-questioning",
    "other": "",
    "any": "",
    "unspecified": "",
    "not specified": "",
    "prefer not to say": "",
    "diverse": "androgynous",
}
CROSSED = {"ftm": "trans man", "female to male": "trans man", "mtf": "trans woman", "male to female": "trans woman"}
STAGES = (  # the last age, and what a girl, a boy and anyone of it is called
    (1, ("baby girl", "baby boy", "baby")),
    (3, ("toddler girl", "toddler boy", "toddler")),
    (12, ("girl", "boy", "child")),
    (17, ("teenage girl", "teenage boy", "teenager")),
    (120, ("woman", "man", "person")),
)
SIGNS_OF_AGE = (  # from this age on
    (80, "deep wrinkles"),
    (65, "deep laugh lines"),
    (50, "visible lines around the eyes and mouth"),
    (40, "faint lines around the eyes"),
)
GRAY_FROM, GRAYING_FROM = 70, 60
# Age ranges that are no figure: what stands before the noun, what behind it ({} is his, her or their), and from which
# age on such a person shows it.
RANGES = {
    "young": ("young", "in {} twenties", None),
    "young adult": ("young", "in {} twenties", None),
    "adult": ("middle-aged", "", None),
    "middle-aged": ("middle-aged", "", None),
    "middle aged": ("middle-aged", "", None),
    "mature": ("mature", "over fifty", 50),
    "older": ("older", "", 60),
    "elderly": ("elderly", "", 70),
    "old": ("elderly", "", 70),
    "senior": ("elderly", "", 70),
    "pensioner": ("elderly", "", 70),
    "retiree": ("elderly", "", 70),
    "retired": ("elderly", "", 70),
}
ORIGINS = {
    "mixed": "mixed-race",
    "mixed race": "mixed-race",
    "pacific-islander": "Pacific Islander",
    "east-asian": "East Asian",
    "southeast-asian": "Southeast Asian",
    "south-asian": "South Asian",
    "middle-eastern": "Middle Eastern",
}
NO_CULTURE = _words("Black White Caucasian mixed-race Mixed Biracial Multiracial")
DESCENT = _words("descent ancestry heritage origin origins roots background")
BUILDS = _words(
    "slim slender athletic curvy muscular heavyset petite tall short stocky lean skinny thin chubby plump fat "
    "overweight underweight plus-size plus-sized toned fit lanky slight sturdy broad-shouldered strong bulky burly "
    "wiry obese large big small robust full-figured voluptuous pregnant sporty"
)
HEAVY = {"heavy": "heavyset"}
BUILD_NOUNS = _words("build body physique figure type shoulders frame bod muscles waist hips silhouette")

# Words with a capital wherever they stand, in values that are written without one, too.
NATIONS = _words(
    "african american arabian argentine asian australian austrian bavarian belgian brazilian british bulgarian "
    "canadian chinese cuban czech danish dutch egyptian english ethiopian european finnish french german ghanaian "
    "greek hawaiian hungarian indian indonesian irish italian jamaican japanese kenyan korean malaysian mexican "
    "mongolian moroccan nepalese nigerian norwegian pakistani persian peruvian polish polynesian portuguese roman "
    "russian scandinavian scottish senegalese spanish swedish swiss thai tibetan turkish ukrainian victorian "
    "edwardian vietnamese welsh bantu fulani caesar zulu viking"
)

# -- hair

HAIR_COLORS = {
    "platinum": "platinum blonde",
    "strawberry": "strawberry blonde",
    "honey": "honey blonde",
    "dirty": "dirty blonde",
    "ash": "ash blonde",
    "salt and pepper": "salt-and-pepper",
}
HAIR_SPOKEN = {
    "medium": "medium-length",
    "buzz": "buzz cut",
    "pixie": "pixie cut",
    "balding": "thinning",
    "bowl": "bowl cut",
    "pageboy": "pageboy cut",
    "blunt": "blunt cut",
    "caesar": "Caesar cut",
    "french twist": "French twist",
    "shag": "shag cut",
    "perm": "permed",
    "fauxhawk": "faux hawk",
}
BALD = frozenset(["bald", "shaved bald", "no hair", "hairless", "bald head", "completely bald", "female bald"])
ARRANGED = _words(  # hair is in them
    "braid braids bun buns ponytail ponytails pigtail pigtails twintails cornrows chignon topknot knot knots updo "
    "twist twists twist-out beehive plait plaits ringlets ringlet curls waves tail tails drills roll rolls"
)
LOCKS = _words("dreadlocks dreads locs afro afros mohawk mullet")
BESIDE = _words(  # hair is with them
    "bangs fringe layers highlights lowlights streaks sidelocks sideburns intake intakes undercut part parting tips "
    "roots ends widow's-peak"
)
CUTS = _words(
    "bob lob pixie cut haircut afro mohawk mullet fade crop undercut quiff pompadour hawk buzzcut pageboy caesar "
    "hairstyle hairdo fro flattop comb-over over"
)
TEXTURES = _words(  # they stand before a color
    "short long medium medium-length shoulder-length chin-length waist-length very absurdly wavy curly straight "
    "messy loose sleek spiky shaggy soft thick thin tousled neat big small"
)
TIED = _words("tied pulled slicked swept worn parted pinned gathered combed brushed in up down over")
FACIAL_HAIR = _words("beard goatee mustache moustache stubble sideburns chops patch whiskers soul-patch facial-hair")
COVERS = _words("hijab headscarf turban headwrap niqab chador burqa veil beanie cap hat helmet hood bandana kerchief")
HAIR_FORMS = (  # how a style stands in a sentence, by its last word
    (FACIAL_HAIR, "{hair} and {one}"),
    (LOCKS | CUTS, "{cut}"),
    (ARRANGED, "{hair} in {one}"),
    (BESIDE, "{hair} with {one}"),
    (_words("head"), "{one}"),
    (_words("shaved"), "{hair} with {main}"),
    (_words("sides"), "{hair} cut {main}"),
)
SKIN_NOUNS = _words("tone complexion skin")
SKIN_SPOKEN = {"very-light": "very light", "medium": "medium-toned", "deep": "deep brown"}

# -- dress

OUTFITS = {
    "casual": "a simple T-shirt",
    "smart casual": "a knitted sweater over a collared shirt",
    "business casual": "a blazer over an open-collared shirt",
    "business": "a tailored business suit",
    "corporate": "a tailored business suit",
    "professional": "a tailored blazer and a collared shirt",
    "business professional": "a tailored business suit",
    "formal": "a dark formal suit",
    "sporty": "a zipped track jacket",
    "athletic": "a zipped track jacket",
    "workwear": "a sturdy canvas work jacket",
    "creative": "a colorful patterned shirt",
    "traditional": "traditional {}clothing",
    "black tie": "black-tie evening wear",
    "white tie": "white-tie evening wear",
}
OUTFIT_NOUNS = _words("attire clothes clothing outfit wear style look dress-code")
MASS = _words(  # of which there is no "a"
    "attire clothing wear denim leather silk velvet tweed lingerie couture jewelry jewellery makeup make-up armor "
    "armour stubble hair garb apparel tie-dye lace linen wool cotton satin latex equipment gear organza fashion "
    "drag tabi geta"
)
GARMENTS = _words(
    "dress gown suit blazer jacket coat shirt t-shirt tee blouse sweater hoodie jumper cardigan pullover sweatshirt "
    "turtleneck polo vest waistcoat tuxedo tux uniform scrubs kimono sari saree yukata hanbok hanfu kurta thobe "
    "dirndl dashiki kilt poncho cape cloak robe apron overalls dungarees jumpsuit romper bodysuit swimsuit bikini "
    "trunks jeans trousers pants chinos shorts skirt minidress sundress nightgown negligee tracksuit sweatpants "
    "leggings tie bowtie scarf scarves shawl stole hat cap beanie beret fedora turban hijab headscarf headwrap "
    "helmet kerchief bandana glasses sunglasses spectacles earrings necklace bracelet gloves belt cufflinks "
    "handkerchief pin watch camisole cami top tank henley parka raincoat mackintosh smock muumuu haori happi hanten "
    "hakama furisode uchikake tabi geta fundoshi chanchanko dotera longpao sarashi slip tam skullcap clothes "
    "clothing attire outfit wear suspenders bolo collar corset tunic veil hood clip fabrics gauntlets boutonniere "
    "purse tote clutch stethoscope coveralls pajamas pyjamas costume bra lingerie homburg ensemble garments "
    "pantsuit sari's windbreaker fleece trench lapel chain flower"
)

# -- expression

EXPRESSIONS = {
    "friendly": "a friendly smile",
    "warm": "a warm smile",
    "kind": "a kind smile",
    "gentle": "a gentle smile",
    "cheerful": "a cheerful smile",
    "happy": "a happy smile",
    "joyful": "a joyful smile",
    "optimistic": "a bright smile",
    "funny": "an amused smile",
    "humorous": "an amused smile",
    "witty": "an amused smile",
    "shy": "a shy smile",
    "charismatic": "a charismatic smile",
    "outgoing": "an open, lively smile",
    "extroverted": "an open, lively smile",
    "introverted": "a quiet, reserved look",
    "thoughtful": "a thoughtful look",
    "professional": "a composed, professional look",
    "analytical": "an attentive, thoughtful look",
    "innovative": "a bright, curious look",
    "creative": "a bright, curious look",
    "curious": "a curious look",
    "hardworking": "a determined look",
    "hard-working": "a determined look",
    "ambitious": "a determined look",
    "determined": "a determined look",
    "compassionate": "a warm, caring look",
    "caring": "a warm, caring look",
    "empathetic": "a warm, caring look",
    "approachable": "an approachable smile",
    "confident": "a confident look",
    "neutral": "a neutral expression",
    "reliable": "a calm, steady look",
}
PARTICIPLES = _words("smiling laughing grinning frowning crying winking smirking pouting yawning squinting")
EXPRESSION_NOUNS = _words("expression smile look gaze grin smirk frown grimace face eyes brow brows stare laugh pout")
EMOTIONS = _words(
    "anger fear disgust sadness surprise joy happiness contempt shame pride love grief hope confidence calmness "
    "anxiety curiosity boredom excitement wisdom kindness warmth authority determination melancholy"
)
CHARACTERS = _words(  # of a trait that is no adjective
    "leader introvert extrovert extravert perfectionist nerd optimist pessimist mentor genius rebel dreamer thinker "
    "listener idealist realist workaholic loner artist intellectual geek"
)
ADVERBS = _words("very quite really slightly somewhat a bit rather always often quietly mildly deeply extremely")

# -- scene: what a prompt names of each, as the alternatives of a pattern

_PLACES = (
    "backgrounds?|backdrop|bokeh|environment|setting|outdoors?|indoors?|outside|studio|office|library|street|park|garden|"
    "beach|forest|woods|jungle|kitchen|home|house|apartment|room|bedroom|caf\u00e9|coffee shop|restaurant|bar|pub|shop|"
    "store|supermarket|classroom|school|university|campus|hospital|clinic|laboratory|corridor|hallway|lobby|factory|"
    "workshop|warehouse|garage|farm|fields?|meadow|mountains?|hills?|city|skyline|town|village|rooftop|balcony|terrace|"
    "desk|window|wall|gym|stadium|courtroom|church|mosque|temple|train|bus|car|airport|station|boat|ship|harbou?r|lake|"
    "river|sea|ocean|desert|snow|rain|stage|concert|museum|gallery|theat(?:er|re)|hotel|market|bridge|space|castle|"
    "cockpit|construction site|stairs|sofa|couch|bench"
)
_EXPRESSED = (
    "smil(?:e|es|ing)|laugh(?:s|ing|ter)?|grin(?:s|ning)?|frown(?:s|ing)?|serious|expression|smirk(?:s|ing)?|crying|"
    "look of|angry|sad|surprised|cheerful(?:ly)?|happy|happily"
)
SCENE = {
    "frame": (
        "headshots?|portraits?|close-?ups?|full[- ]body|full[- ]length|half[- ]body|waist|bust|torso|"
        "head and shoulders|wide shot|medium shot|long shot|selfie|profile|side view|three-quarter|3/4|angle|"
        "chest up|frame|framing"
    ),
    "direction": (
        "looking|facing|gaz(?:e|es|ing)|star(?:es|ing)|eye contact|eyes (?:closed|turned)|camera|profile|side view|"
        "from behind|reading|turned"
    ),
    "light": (
        "lights?|lit|lighting|sun|sunny|sunlit|sunlight|sunset|sunrise|golden hour|blue hour|shadows?|neon|candles?|"
        "candlelit|backlit|overcast|cloudy|night|dusk|dawn|evening|morning|flash|softbox|daylight|moonlight|moody|dim|"
        "chiaroscuro|high[- ]key|low[- ]key|spotlight|firelight|illuminated"
    ),
    "place": _PLACES,
    "lens": (
        r"\d{2,3} ?mm|f/?\d[\d.]*|lens|dslr|canon|nikon|sony|leica|hasselblad|fujifilm|polaroid|iphone|kodak|portra|"
        "film grain|analog|depth of field"
    ),
    "expression": _EXPRESSED,
    "dress": "|".join(
        sorted(GARMENTS - OUTFIT_NOUNS - _words("top pin watch slip veil hood flower chain tank fleece"))
    ),
    "hair": "hair|haired|bald|blonde?|brunette|redhead|hijab|turban|headscarf",
}
PICTURES = "portraits?|headshots?|photos?|photographs?|picture|image|shot|selfie|close-?up|snapshot|polaroid"
# Whoever is meant by them is the one who is shown.
PERSONS = (
    "woman|women|man|men|girls?|boys?|lady|gentleman|guy|male|female|person|people|individual|human|couple|family|child|"
    "kid|baby|toddler|teenager|doctor|nurse|teacher|engineer|lawyer|chef|cook|farmer|artist|scientist|student|professor|"
    "businessman|businesswoman|developer|designer|manager|officer|ceo|founder|pilot|soldier|worker|athlete|musician|singer|"
    "dancer|actor|actress|writer|author|photographer|barista|waiter|waitress|mechanic|electrician|plumber|carpenter|"
    "builder|architect|accountant|analyst|consultant|director|executive|entrepreneur|researcher|librarian|judge|dentist|"
    "surgeon|pharmacist|therapist|firefighter|policeman|policewoman|guard|driver|sailor|fisherman|monk|priest|nun|king|"
    "queen|warrior|wizard|grandmother|grandfather|bride|groom|freelancer|programmer|gardener|baker|tailor|shepherd|rabbi|"
    "imam|barber|hairdresser|physicist|chemist|biologist|economist|journalist|politician|astronaut|cyclist|runner|boxer"
)
# A prompt that begins so says more of a person, and not who it is.
CONTINUING = (
    "in|on|at|by|with|without|wearing|against|under|beside|near|outside|inside|behind|among|during|dressed|seated|"
    "surrounded|(?!smiling (?:wo)?man|morning|evening|charming|stunning|aging|king|lighting|being|wedding|building)"
    "[a-z]+ing"
)
PROPER = _words("Dutch French Greek Welsh Black White Thai Czech Swiss Sikh Muslim Jewish Christian Iraqi")
PROPER_ENDS = ("an", "ese", "ish", "ic", "i")
