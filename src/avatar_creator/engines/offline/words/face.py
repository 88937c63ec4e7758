"""Words for what a face shows and wears. The meaning, then the other words that say it."""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning, kinds_of

_BEARDS = (
    "trimmed, short boxed, boxed, anchor, circle, corporate, ducktail, balbo, verdi, garibaldi, medium, well groomed, "
    "groomed, neat, classic, hipster, curly, patchy full, faded, rounded, chin curtain, shaped, shenandoah, "
    "natural, amish"
)
_MOUSTACHES = (
    "chevron, zappa, walrus, pencil, horseshoe, fake, long, short, thin, thick, bushy, painters, natural, lampshade"
)
_STUBBLE = "designer, light, heavy, medium, short, long, facial, 3 day, three day"
_FRAMES = (
    "reading, browline, half rim, half rimmed, rimless, semi rimless, wire, wire frame, wire framed, wire rimmed, "
    "tortoiseshell, oversized, big, large, small, nerdy, nerd, cat eye, cateye, cats eye, prescription, thin, "
    "thin rimmed, "
    "metal, librarian, hipster, clear, half moon, computer, horn rim, stylish, designer"
)
_HATS = (
    "boater, boonie, bowler, bucket, bush, cloche, cowboy, cowgirl, derby, felt, fisherman, floppy, gardening, gaucho, "
    "leather, panama, party, pillbox, pilgrim, pirate, pork pie, porkpie, safari, straw, summer, sun, sunhat, "
    "top, trilby, "
    "wide brim, wide brimmed, witch, wizard, beach, cartwheel, mini top, tricorne, church, graduation, rice, conical"
)
_KNITTED = (
    "winter, woolly, wool, woolen, bobble, knit, knitted, ski, santa, christmas, fur, trapper, raccoon fur, pompom"
)
_CAPS = (
    "baseball, flat, golf, peaked, newsboy, trucker, sailor, police, military, army, officer, snapback, visor, ivy, "
    "ball, chauffeur, graduation, mechanic, patrol, yacht, captain, sports, running, engineer, backwards baseball, "
    "backwards, cycling"
)
_STUDS = (
    "ball, button, clip on, cluster, diamond, disc, gemstone, pearl, small, simple, sphere, square, stud, tiny, "
    "dot, heart, "
    "star, flower, mismatched, oval, front back, jacket, crystal, rhinestone, magnetic, moon, crescent, shield, "
    "rectangle, "
    "gem, round, single, statement, ear, butterfly, leaf, crawler, climber"
)
_DANGLES = (
    "dangle, dangling, dangly, drop, chandelier, tassel, teardrop, long, linear, fan, french wire, wire, "
    "medallion, rope, "
    "spiral, tribal, tulip, wave, zipper, feather, threader, shoulder duster, ear wire, jhumka, chain, "
    "bohemian, magatama"
)

BEARD: Mapping[str, Meaning] = {
    "none": Meaning(
        None, "clean shaven, clean shaved, beardless, smooth shaven, shaven face, clean shave, smooth face"
    ),
    "stubble": Meaning(
        None,
        "scruff, five o clock shadow, five oclock shadow, 5 oclock shadow, unshaven, light beard, short beard, "
        "thin beard, patchy beard, 5 o clock shadow, "
        "scruffy beard, 3 day beard, three day beard, stubbly, stubbled, five day beard, scruffy face, "
        "" + kinds_of("stubble", _STUBBLE),
    ),
    "beard": Meaning(None, "bearded, facial hair, beards, " + kinds_of("beard", _BEARDS)),
    "full beard": Meaning(
        "beard", "thick beard, bushy beard, heavy beard, full bearded, lumberjack beard, big bushy beard"
    ),
    "long beard": Meaning(
        "full beard",
        "big beard, huge beard, very long beard, braided beard, viking beard, wizard beard, santa beard, "
        "bandholz beard, "
        "long bearded, flowing beard, long flowing beard",
    ),
    "moustache": Meaning(
        None,
        "mustache, moustached, mustached, "
        "tache, " + kinds_of("mustache", _MOUSTACHES) + ", " + kinds_of("moustache", _MOUSTACHES),
    ),
    "handlebar": Meaning(
        "moustache",
        "handlebar moustache, handlebar mustache, curled moustache, curly moustache, curled mustache, curly mustache, "
        "imperial mustache, imperial moustache, dali mustache, dali moustache, waxed mustache, waxed moustache, "
        "english mustache, english moustache, hungarian mustache, hungarian moustache",
    ),
    "goatee": Meaning(
        "beard",
        "van dyke, soul patch, chin beard, van dyke beard, goatee beard, chin puff, goateed, extended goatee, "
        "french beard, "
        "fu manchu, chin strap, chinstrap, chin strap beard, chinstrap beard",
    ),
    "sideburns": Meaning(
        "beard", "mutton chops, friendly mutton chops, side whiskers, long sideburns, muttonchops, side burns"
    ),
}
GLASSES: Mapping[str, Meaning] = {
    "glasses": Meaning(
        None,
        "spectacles, eyeglasses, specs, bespectacled, eyewear, eye glasses, tortoiseshell frames, "
        "wire frames, " + kinds_of("glasses", _FRAMES),
    ),
    "round glasses": Meaning(
        "glasses",
        "circular glasses, round rimmed glasses, round frame glasses, round spectacles, round eyeglasses, "
        "round framed glasses, "
        "john lennon glasses, harry potter glasses, round wire glasses, round wire rimmed glasses",
    ),
    "rectangular glasses": Meaning(
        "glasses", "square glasses, rectangle glasses, square framed glasses, rectangular frames"
    ),
    "thick glasses": Meaning(
        "glasses",
        "thick rimmed glasses, horn rimmed glasses, black rimmed glasses, thick framed glasses, thick frames, "
        "horn rims, "
        "thick frame glasses, chunky glasses, bold glasses, hornrimmed glasses, dark rimmed glasses, "
        "black framed glasses",
    ),
    "sunglasses": Meaning(
        None,
        "shades, sun glasses, aviators, wayfarers, dark glasses, "
        + kinds_of(
            "sunglasses",
            "aviator, mirrored, round, cat eye, oversized, wayfarer, dark, designer, reflective, big, sport",
        ),
    ),
    "eyepatch": Meaning(None, "eye patch, eye patches"),
}
HEADWEAR: Mapping[str, Meaning] = {
    "hat": Meaning(
        None,
        "fedora, sunhat, hats, homburg, homburg hat, trilby, stetson, sombrero, panama, porkpie, bowler, "
        "pith helmet, "
        "cloche, tophat, ten gallon hat, " + kinds_of("hat", _HATS),
    ),
    "beanie": Meaning(
        "hat",
        "knit cap, ushanka, tuque, stocking cap, watch cap, woolen cap, wool cap, skull cap, knitted cap, "
        "beanie hat, beanies, "
        "bobble cap, toboggan hat, slouchy beanie, chullo, papakha, " + kinds_of("hat", _KNITTED),
    ),
    "skullcap": Meaning(
        "beanie", "kippah, kippa, yarmulke, taqiyah, kufi, zucchetto, topi, prayer cap, doppa, fez, tubeteika"
    ),
    "cap": Meaning("beanie", "caps, visor, snapback, trucker hat, dad hat, newsboy, " + kinds_of("cap", _CAPS)),
    "beret": Meaning("cap", "tam, tam o shanter, berets, french beret, military beret"),
    "hard hat": Meaning("cap", "safety helmet, construction helmet, helmet, hardhat, builders helmet"),
    "hijab": Meaning(
        None,
        "headscarf, head scarf, veil, chador, khimar, shayla, al amira, niqab, burqa, burka, dupatta, babushka, "
        "head covering, "
        "hijabi, wimple, mantilla, head veil, bridal veil, wedding veil, headscarves, islamic headscarf, "
        "silk scarf on head",
    ),
    "turban": Meaning(
        None,
        "dastar, headwrap, head wrap, pagri, gele, turbans, turbaned, dukhu, wrapped head, hair wrap, "
        "head wraps, duku, keffiyeh",
    ),
    "headband": Meaning(
        None,
        "hair band, hairband, sweatband, alice band, head band, headbands, bandana, bandanna, hachimaki, kerchief, "
        "sports headband, terry headband, forehead band",
    ),
    "flowers": Meaning(
        None,
        "flower crown, flowers in her hair, flower in her hair, floral crown, flower wreath, flower headband, "
        "flowers in hair, "
        "flower in hair, flowers in his hair, hair flower, hair flowers, flowers in their hair, floral headpiece, "
        "floral headband, wreath of flowers, crown of flowers, flower garland, floral wreath, hair garland",
    ),
}
EARRINGS: Mapping[str, Meaning] = {
    "stud": Meaning(
        None,
        "earrings, earring, studs, ear studs, pierced ears, ear piercing, ear piercings, pearl studs, "
        "diamond studs, "
        "ear stud, " + kinds_of("earrings", _STUDS) + ", " + kinds_of("earring", _STUDS),
    ),
    "hoop": Meaning(
        None,
        "hoops, "
        + kinds_of(
            "earrings", "hoop, j hoop, semi hoop, huggie, creole, torc, ring, big hoop, small hoop, large hoop, loop"
        )
        + ", hoop earring, ear hoops, ear rings, large hoops, big hoops, huggies",
    ),
    "dangle": Meaning(
        "hoop",
        "dangles, ear cuffs, ear drops, "
        + kinds_of("earrings", _DANGLES)
        + ", "
        + kinds_of("earring", "dangle, dangling, drop, tassel, feather"),
    ),
}
EXPRESSION: Mapping[str, Meaning] = {
    "smile": Meaning(
        None,
        "smiling, smiles, happy, cheerful, joyful, friendly, warm smile, bright smile, kind smile, happy smile, "
        "confident smile, friendly smile, welcoming smile, charming smile, amused, happily, smiley",
    ),
    "laugh": Meaning(
        "smile",
        "laughing, laughs, big smile, broad smile, beaming, wide smile, toothy smile, toothy grin, giggling, "
        "chuckling, grin, grinning, wide grin, big grin",
    ),
    "excited": Meaning("laugh", "thrilled, ecstatic, overjoyed, elated, eager expression"),
    "silly": Meaning("laugh", "silly face, tongue out, sticking out tongue, sticking tongue out, goofy, funny face"),
    "calm": Meaning(
        None,
        "relaxed, soft smile, gentle smile, slight smile, serene, content, subtle smile, faint smile, small smile, "
        "closed mouth smile, thoughtful, pensive, contemplative, half smile",
    ),
    "proud": Meaning("calm", "proud look, triumphant"),
    "smirk": Meaning(
        "calm", "smirking, smirks, smug, wry smile, sly smile, mischievous, crooked smile, lopsided smile"
    ),
    "curious": Meaning("calm", "inquisitive, raised eyebrow, raised eyebrows, intrigued, raising an eyebrow"),
    "tired": Meaning("calm", "sleepy, exhausted, weary, drowsy, bored, fatigued, tired eyes, yawning"),
    "serious": Meaning(
        None,
        "stern, solemn, unsmiling, straight face, frown, frowning, stoic, determined, intense look, "
        "furrowed brow, "
        "serious look, serious face, not amused, grim, pursed lips",
    ),
    "neutral": Meaning(
        "serious",
        "neutral expression, neutral face, neutral look, expressionless, blank expression, poker face, "
        "blank stare, deadpan, emotionless, resting face",
    ),
    "disgusted": Meaning(
        "serious", "disgust, contempt, contemptuous, disdain, scornful, grimace, grimacing, sneering, sneer"
    ),
    "sad": Meaning(
        "serious",
        "unhappy, crying, tearful, melancholic, sorrowful, tears, weeping, sobbing, heartbroken, "
        "downcast, pouting, pout, disappointed, sadness, dejected, miserable, depressed",
    ),
    "worried": Meaning(
        "sad",
        "anxious, nervous, scared, afraid, fearful, frightened, terrified, concerned, uneasy, embarrassed, "
        "panicking, alarmed, distressed, apprehensive",
    ),
    "confused": Meaning("worried", "puzzled, bewildered, perplexed, baffled, quizzical, confusion"),
    "angry": Meaning(
        "serious",
        "furious, scowling, mad, enraged, anger, annoyed, irritated, scowl, "
        "rage, frustrated, "
        "furled brow, shouting, yelling",
    ),
    "surprised": Meaning(
        "worried",
        "amazed, astonished, shocked, stunned, startled, wide eyed, "
        "open mouthed, awestruck, "
        "astounded, gasping, jaw dropped, gobsmacked, dumbfounded, speechless",
    ),
    "wink": Meaning("smile", "winking, winks, one eye closed, blinking one eye"),
    "asleep": Meaning("calm", "eyes closed, closed eyes, sleeping, eyes shut, shut eyes"),
}
# What is seen of a character or of a mood, in a face. Traits that no face shows ("punctual", "hungry") are unknown.
TRAIT: Mapping[str, str] = {
    "smile": "friendly, warm, cheerful, happy, kind, outgoing, optimistic, joyful, welcoming, approachable, energetic, "
    "enthusiastic, helpful, sociable, playful, charming, positive, affectionate, agreeable, amiable, cordial, "
    "easygoing, "
    "easy going, extroverted, extrovert, extraverted, generous, genial, good natured, good humored, gracious, "
    "gregarious, hearty, hospitable, joyous, kindhearted, kind hearted, lighthearted, light hearted, likable, "
    "likeable, "
    "lively, lovable, loving, merry, nice, perky, personable, pleasant, pleased, upbeat, vivacious, warmhearted, "
    "warm hearted, sunny, sweet, spirited, bubbly, chipper, carefree, delighted, glad, grateful, thankful, hopeful, "
    "in love, amused, satisfied, charismatic, encouraging, supportive, flirty, flirtatious, vibrant, adventurous, "
    "amusing, happiness, joy, love, adoring, lovestruck, romantic, whimsical, spunky, bouncy, fun, fun loving, "
    "good hearted, good tempered, polite, courteous, cooperative, delightful, endearing, lovely, obliging, peppy, "
    "sincere, talkative, chatty, warm and friendly, youthful, motivated, inspiring, fulfilled, uplifted, lucky",
    "laugh": "funny, humorous, witty, exuberant, jocular, jolly, jovial, hilarious, giggly, boisterous, ecstatic, "
    "euphoric, overjoyed, jubilant, comical, mirthful, elated, rambunctious, : d, hysterical, joking, jokester",
    "excited": "excitable, thrilled, eager, exhilarated, giddy, hyper, excitement, zealous, energized, high spirited, "
    "invigorated, impulsive, keen",
    "silly": "goofy, zany, wacky, childish, clownish, naughty, naughty face, : p, : q, quirky, kooky, "
    "childlike, immature",
    "calm": "gentle, thoughtful, lost in thought, relaxed, patient, shy, quiet, introverted, caring, empathetic, "
    "confident, wise, "
    "composed, collected, cool headed, content, contemplative, contented, peaceful, serene, tranquil, mellow, mild, "
    "meek, modest, humble, soft spoken, softspoken, laid back, laidback, even tempered, level headed, levelheaded, "
    "meditative, mindful, pensive, reflective, dreamy, soothing, sensitive, sympathetic, compassionate, understanding, "
    "tolerant, trusting, unassuming, bashful, coy, demure, reticent, introspective, thinking, attentive, balanced, "
    "considerate, forgiving, graceful, poised, self assured, self confident, assured, secure, nurturing, maternal, "
    "paternal, benevolent, tender, introvert, quietly confident, relieved, comfortable, nostalgic, sentimental, "
    "calming, "
    "imperturbable, unflappable, steady, stable, sedate, mild mannered, good listener, dreamer, centered, at peace, "
    "soulful, spiritual, harmonious, blissful, bittersweet, nonchalant, chill, cool, easy, reassuring, placid",
    "proud": "prideful, pride, triumphant, victorious, accomplished, regal, majestic, dignified, noble, "
    "self respecting",
    "smirk": "smug, sarcastic, sardonic, mischievous, sly, cunning, devious, crafty, wry, ironic, cheeky, "
    "sassy, saucy, "
    "cocky, arrogant, conceited, haughty, mocking, teasing, snarky, self satisfied, condescending, boastful, scheming, "
    "supercilious, snobby, snobbish, provocative, seductive, roguish, impish, coquettish, flippant, irreverent",
    "curious": "inquisitive, interested, intrigued, questioning, nosy, inquiring, fascinated, raised eyebrow",
    "tired": "sleepy, exhausted, weary, drowsy, fatigued, bored, boredom, lethargic, sluggish, groggy, drained, "
    "worn out, "
    "burned out, burnt out, listless, jaded, sigh, sighing, overworked, half asleep",
    "serious": "stern, stoic, strict, focused, reserved, determined, grumpy, disciplined, analytical, pragmatic, "
    "professional, authoritative, cautious, grave, solemn, sober, somber, staid, stubborn, cold, aloof, distant, "
    "detached, intense, dour, austere, severe, formal, businesslike, skeptical, guarded, wary, watchful, vigilant, "
    "alert, suspicious, withdrawn, unsmiling, tough, unfriendly, blunt, commanding, dominant, assertive, decisive, "
    "resolute, steadfast, no nonsense, industrious, hardworking, hard working, diligent, conscientious, methodical, "
    "meticulous, logical, rational, practical, realistic, responsible, dutiful, earnest, concentrated, concentrating, "
    "cynical, driven, ambitious, firm, rigid, exacting, critical, persistent, persevering, tenacious, strong willed, "
    "headstrong, demanding, uncompromising, harsh, stony, steely, grim, matter of fact, brooding, moody, stubbornness, "
    "furrowed brow, strict but fair, deep in thought, mysterious, defiant, judgmental, sulky, sullen, cantankerous",
    "neutral": "indifferent, expressionless, blank, emotionless, impassive, unemotional, apathetic, deadpan, "
    "poker faced, "
    "unconcerned, neutrality, unaffected, unmoved, numb, dispassionate, stoical",
    "disgusted": "disgust, contempt, contemptuous, disdain, disdainful, scornful, grimace, grimacing, repulsed, "
    "revolted, "
    "appalled, sneering, wincing, wince, derisive, spiteful",
    "sad": "melancholic, gloomy, pessimistic, sadness, unhappy, depressed, miserable, sorrowful, heartbroken, "
    "grieving, "
    "mournful, despairing, despair, dejected, disappointed, downcast, lonely, hopeless, hurt, regretful, remorseful, "
    "sorry, guilty, ashamed, tearful, crying, upset, wistful, forlorn, gloom, morose, dreary, discouraged, melancholy, "
    "disheartened, wounded, pained, tears, weepy, despondent, glum, homesick, broken hearted, heavy hearted, "
    "devastated, "
    "apologetic, guilt, pain, crushed, defeated, desolate, dismal, disillusioned, suffering, lonesome, love lorn",
    "worried": "anxious, nervous, afraid, scared, fearful, frightened, fear, terrified, apprehensive, "
    "concerned, uneasy, "
    "tense, stressed, panicking, panicky, distressed, troubled, insecure, timid, desperate, horrified, petrified, "
    "overwhelmed, jumpy, neurotic, paranoid, embarrassed, embarassed, flustered, self conscious, alarmed, distraught, "
    "agitated, frantic, helpless, sheepish, worry, anxiety, hesitant, trembling, overcautious, cowardly, intimidated, "
    "unsettled, leery, on edge",
    "confused": "puzzled, bewildered, baffled, perplexed, quizzical, uncertain, unsure, doubtful, clueless, dazed, "
    "disoriented, mystified, indecisive, confusion, stumped, absent minded, forgetful",
    "angry": "anger, furious, enraged, irate, mad, annoyed, irritated, irritable, hostile, aggressive, hot headed, "
    "hot tempered, short tempered, quick tempered, bad tempered, cranky, grouchy, cross, outraged, infuriated, livid, "
    "fuming, seething, resentful, hateful, vengeful, fierce, ferocious, rage, frustrated, exasperated, "
    "indignant, surly, "
    "furled brow, v shaped eyebrows, quarrelsome, belligerent, combative, offended, testy, peeved, incensed, fiery, "
    "crabby, bitter, choleric, irascible, antagonistic, aggravated, vexed, impatient, petulant, peevish, ill tempered",
    "surprised": "surprise, amazed, astonished, shocked, stunned, startled, awestruck, astounded, speechless, "
    "flabbergasted, dumbfounded, awed, in awe, surprised and amused, : o, impressed, incredulous, disbelieving",
}
