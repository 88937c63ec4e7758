"""The garments that texts name: one a line, with what is drawn where an art style has no drawing of it.

Every row leads, over the nearest garment of the nearest garment, to "casual", which every art style with a body
draws: whatever is asked for, somebody wears something.
"""

from collections.abc import Mapping

from avatar_creator.engines.offline.words.meaning import Meaning, kinds_of

_DRESSES = (
    "a line, asymmetrical, babydoll, baby doll, backless, ball gown, bandage, beach, bell, bodycon, body con, "
    "boho, bridal, "
    "bridesmaid, bubble, cake, cami, cap sleeve, cascade, chiffon, china, coat, cocktail, column, corset, "
    "crochet, cutout, "
    "day, empire, empire waist, evening, fit and flare, flapper, flared, frilled, halter, halter neck, "
    "high low, high waist, "
    "high waisted, hobble, house, jacket, jersey, kimono, lace, lace trimmed, latex, layered, little black, "
    "little, long, "
    "long sleeve, maid, maternity, maxi, mermaid, midi, mini, off shoulder, off the shoulder, one shoulder, "
    "party, peasant, "
    "pencil, peplum, pinafore, pleated, prairie, princess, prom, puff sleeve, ruffle, ruffled, sack, sailor, santa, "
    "see through, sequin, sequined, sheath, shift, shirt, shirtwaist, short, short sleeve, skater, sleeveless, slip, "
    "spaghetti strap, strapless, suit, summer, sun, sundress, sweater, swing, t shirt, taut, tea, tent, tiered, "
    "trapeze, "
    "trumpet, tub, tube, tulip, tulle, tunic, tutu, v neck, vietnamese, vintage, wedding, wiggle, wrap, yoke"
)
_SUITS = (
    "business, classic fit, cocktail, custom made, dinner, double breasted, evening, formal, graduation, "
    "italian, leisure, "
    "linen, morning, pant, pants, pinstripe, pinstriped, polyester, power, prom, single breasted, skirt, "
    "slim fit, summer, "
    "tailored, tailored fit, three piece, tweed, two piece, wedding, wool, work, zoot, lounge, skinny, "
    "modern fit, designer, "
    "british, bespoke, trouser, dress, winter, seersucker, velvet, checkered, plaid, striped, corduroy"
)
_JACKETS = (
    "biker, bomber, cropped, denim, down, field, fleece, hunting, jean, leather, letterman, military, moto, "
    "motorcycle, "
    "puffer, quilted, rain, safari, sherpa, shearling, ski, suede, utility, varsity, winter, windbreaker, "
    "flight, aviator, "
    "padded, chore, trucker"
)
_COATS = "camel, duffel, duffle, faux fur, fur, over, pea, rain, trench, winter, wool, long, puffer, top, frock, great"
_SHIRTS = "aloha, band, baseball, camp, cuban, hawaiian, printed, floral, flowered, patterned, batik, tie dye, tie dyed"
_SHIRTS_WITH_COLLAR = (
    "button down, button up, buttoned, chambray, collared, dress, formal, golf, linen, oxford, polo, rugby, "
    "tennis, white "
    "collar, work, business, cowboy, western, bowling, guayabera, poplin, buttonup, "
    "office, safari"
)
_UNIFORMS = (
    "air force, army, bus driver, dress, firefighter, flight attendant, marine, military, naval, pilot, police, "
    "postal, "
    "sailor, school, scout, security, security guard, soldier, guard, cadet, officer, prison, restaurant, "
    "captain, waiter"
)

GARMENTS: Mapping[str, Meaning] = {
    "t-shirt": Meaning(
        "casual",
        "tshirt, tee, crew neck, shirt top, crew neck t shirt, long sleeve t shirt, long sleeve shirt, "
        "henley, "
        "long sleeve top, long sleeved shirt, henley shirt, tee shirt, top, crop tee, plain top, casual top, "
        "cap sleeve top, "
        "short sleeve shirt, short sleeved shirt, oversized t shirt, ringer tee, long sleeve tee, baby tee, "
        "undershirt tee",
    ),
    "v-neck": Meaning("t-shirt", "v neck t shirt, v neck shirt, v neck top, v neck tee, deep v neck"),
    "jersey": Meaning(
        "t-shirt",
        "sports jersey, football jersey, soccer jersey, basketball jersey, hockey jersey, baseball jersey, "
        "team jersey, "
        "cycling jersey, jersey shirt, rash guard, rashguard, gym shirt, football shirt, soccer shirt",
    ),
    "blouse": Meaning(
        "t-shirt",
        "silk blouse, satin blouse, peasant blouse, peasant top, wrap top, wrap blouse, lace blouse, tie neck blouse, "
        "peplum top, off shoulder top, off the shoulder top, one shoulder top, frilled blouse, ruffled blouse, "
        "pussy bow blouse, lace top, silk top, smock top, chiffon blouse, sheer top, bell sleeve top, tunic blouse",
    ),
    "tank top": Meaning(
        "blouse",
        "tanktop, sleeveless top, sleeveless shirt, singlet, undershirt, camisole, tube top, crop top, halter top, "
        "leotard, cami, cami top, muscle shirt, muscle tee, racerback, bandeau, spaghetti strap top, "
        "strapless top, tank, "
        "sports bra, bustier, cropped top, bralette, vest top, bare shoulders, halter",
    ),
    "hoodie": Meaning(
        "sporty",
        "hoody, hooded sweatshirt, sweatshirt, zip up hoodie, zip hoodie, pullover hoodie, hooded jacket, sweat shirt, "
        "hooded sweater, hooded top, crewneck sweatshirt, crew neck sweatshirt, college sweatshirt, quarter zip, "
        "track jacket, tracksuit jacket, track top, warm up jacket, oversized hoodie",
    ),
    "sweater": Meaning(
        "smart-casual",
        "jumper, pullover, cardigan, knitwear, sweater vest, crewneck sweater, crew neck sweater, v neck sweater, "
        "cable knit sweater, wool sweater, cashmere sweater, knit sweater, knitted sweater, christmas sweater, "
        "ugly sweater, fisherman sweater, knit top, aran sweater, cable knit, knit, crewneck, "
        "button up cardigan, fleece, "
        "oversized sweater, argyle sweater, shrug, cable knit jumper",
    ),
    "shirt": Meaning("casual", "button down, button up, polo, collar, " + kinds_of("shirt", _SHIRTS_WITH_COLLAR)),
    "suit": Meaning(
        "formal",
        "suits, suit jacket, pantsuit, waistcoat suit, suit with blazer, suit with coat, suit with t shirt, "
        "suit with tank top, suit with blouse, suit with cami, suit with camisole, suit and coat, "
        + kinds_of("suit", _SUITS),
    ),
    "blazer": Meaning(
        "suit",
        "sport coat, sports coat, sports jacket, sport jacket, dress jacket, smoking jacket, tweed jacket, "
        "tweed blazer, "
        "double breasted blazer, single breasted blazer, velvet blazer, tailored jacket, boucle jacket, spencer, "
        "corduroy jacket, formal jacket, linen blazer, oversized blazer",
    ),
    "tie": Meaning("suit", "necktie, shirt and tie, neck tie, ascot, cravat"),
    "suit and tie": Meaning("tie", "suit with tie, suit with necktie"),
    "tuxedo": Meaning(
        "suit", "bow tie, bowtie, dinner jacket, suit with bow tie, tux, tails, tailcoat, coat and tails, morning coat"
    ),
    "jacket": Meaning(
        "suit",
        "coat, anorak, mackintosh, mac, peacoat, parka, windbreaker, puffer, bomber, blouson, cagoule, outerwear, "
        "overcoat, raincoat, topcoat, greatcoat, trenchcoat, trench, car coat, duster, poncho jacket, jackets, bolero, "
        + kinds_of("jacket", _JACKETS)
        + ", "
        + kinds_of("coat", _COATS),
    ),
    "lab coat": Meaning(
        "suit",
        "white coat, medical coat, doctors coat, laboratory coat, lab coats, doctor coat, labcoat, white lab coat, "
        "white medical coat, chef coat, chef jacket, chefs jacket, chefs coat, chef whites, chefs whites, chef uniform",
    ),
    "waistcoat": Meaning(
        "suit", "vest, suit vest, suit waistcoat, gilet, puffer vest, tweed vest, dress vest, formal vest"
    ),
    "turtleneck": Meaning(
        "sweater",
        "turtle neck, roll neck, polo neck, mock neck, turtleneck sweater, mock turtleneck, rollneck, cowl neck, "
        "high neck, funnel neck, turtleneck top, high neck top, cowl neck sweater, turtlenecks",
    ),
    "overalls": Meaning(
        "workwear", "overall, dungarees, bib overalls, lederhosen, bib and brace, denim overalls, shortalls, suspenders"
    ),
    "jumpsuit": Meaning(
        "overalls",
        "boiler suit, boilersuit, coverall, coveralls, romper, playsuit, play suit, flight suit, flightsuit, "
        "space suit, "
        "spacesuit, hazmat suit, racing suit, race suit, ski suit, snowsuit, snow suit, wetsuit, wet suit, "
        "diving suit, "
        "jump suit, onesie, catsuit, cat suit, astronaut suit, pilot suit, mechanic suit, rompers, prison jumpsuit",
    ),
    "apron": Meaning(
        "overalls", "pinafore, smock, chefs apron, kitchen apron, work apron, artist smock, leather apron"
    ),
    "graphic shirt": Meaning("t-shirt", "graphic t shirt, graphic tee, band tee, " + kinds_of("shirt", _SHIRTS)),
    "checkered shirt": Meaning(
        "shirt",
        "checked shirt, plaid shirt, flannel, flannel shirt, plaid, gingham shirt, tartan shirt, lumberjack shirt, "
        "plaid flannel, check shirt, gingham, lumberjack, tartan, checkered flannel",
    ),
    "uniform": Meaning(
        "shirt", "uniforms, gakuran, serafuku, seifuku, fatigues, military fatigues, " + kinds_of("uniform", _UNIFORMS)
    ),
    "scrubs": Meaning(
        "v-neck",
        "medical scrubs, surgical scrubs, nurse scrubs, nurse uniform, nurses uniform, hospital scrubs, "
        "medical attire, "
        "scrub top, medical uniform, doctor scrubs, nursing scrubs, surgical gown",
    ),
    "dress": Meaning(
        "blouse",
        "gown, sundress, evening gown, ball gown, frock, minidress, nightgown, muumuu, dirndl, cheongsam, qipao, "
        "ao dai, slip, negligee, maxidress, midi, ballgown, wedding gown, prom gown, cocktail gown, nightdress, "
        "nightie, formal gown, petticoat, dresses, tutu, party frock, shift, chemise, "
        "bridal gown, crinoline, " + kinds_of("dress", _DRESSES),
    ),
    "sari": Meaning(
        "blouse", "saree, lehenga, salwar, salwar kameez, shalwar kameez, half sari, lehenga choli, choli, anarkali"
    ),
    "kimono": Meaning(
        "v-neck",
        "yukata, furisode, haori, hanbok, hanfu, robe, bathrobe, dressing gown, uchikake, happi, hanten, "
        "dotera, chanchanko, "
        "layered kimono, short kimono, japanese clothes, japanese clothing, korean clothes, korean clothing, "
        "chinese clothes, chinese clothing, longpao, changpao, miko, nontraditional miko, hakama, kosode, tomesode, "
        "karate gi, judo gi, gi, tang suit, hakama skirt, hakama short skirt, kimono skirt, robes, houmongi, jinbei, "
        "changshan, hwarot, jeogori, haori coat, kimono jacket, silk robe, monk robes, wizard robes",
    ),
    "tunic": Meaning(
        "v-neck",
        "kurta, kaftan, caftan, thobe, djellaba, abaya, dashiki, poncho, sherwani, achkan, thawb, dishdasha, galabeya, "
        "jellabiya, agbada, boubou, huipil, serape, toga, cassock, graduation gown, academic gown, cap and gown, "
        "hospital gown, kurta pajama, kurti, bisht, jubba, kandura, grand boubou, ponchos, barong, barong tagalog, "
        "vyshyvanka, gandoura, deel, peasant shirt, nun habit, monk habit, academic robes, graduation robe, "
        "choir robe, "
        "judge robe, tunics, african attire, kente, kitenge, african print, ankara",
    ),
    "pajamas": Meaning(
        "shirt", "pyjamas, pajama top, pjs, nightshirt, sleepwear, nightwear, pajama, pyjama, night clothes"
    ),
    "swimsuit": Meaning(
        "tank top",
        "bikini, swimwear, bathing suit, swim trunks, beachwear, swim suit, one piece swimsuit, bikini top, "
        "board shorts, "
        "tankini, school swimsuit, speedo, monokini, beach wear, swimming trunks, swimming costume, swimming suit",
    ),
    "underwear": Meaning(
        "tank top",
        "lingerie, bra, corset, bodysuit, intimates, body suit, lace bra, bodystocking, boxers, panties, briefs, "
        "garter belt, thong, boxer shorts, undergarments, teddy",
    ),
    "no clothes": Meaning(
        "t-shirt",
        "nude, naked, shirtless, topless, bare chested, barechested, unclothed, undressed, no clothing, no shirt, "
        "without clothes, without clothing, without a shirt, without shirt, birthday suit, bare chest, nudity, "
        "bottomless",
    ),
}
