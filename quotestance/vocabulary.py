"""The English words that all rules know, each fact once: function words, titles, roles, bodies.

Closed classes only: no list of people, bodies or places beyond the demonyms that do not show
their country. All words are in lower case; what a module needs of several classes, or of a part
of one, it derives from these by set operations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache


def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


# Function words.
PERSON_PRONOUNS = _words("he she him his her hers himself herself who")
FIRST_PERSON = _words("i we us our me my")
PLURAL_PRONOUNS = _words("they them their theirs themselves we us our")
THING_PRONOUNS = _words("it its itself")
PRONOUNS = PERSON_PRONOUNS | FIRST_PERSON | PLURAL_PRONOUNS | THING_PRONOUNS
"""The words that name nobody themselves."""
RELATIVE_PRONOUNS = _words("who whom whose which that")
DEMONSTRATIVES = _words("this that these those")
ARTICLES = _words("the a an")
DETERMINERS = ARTICLES | _words("his her its their our my one this another")
"""Words that open a noun phrase; without "that", which is mostly a conjunction."""
POSSESSIVES = _words("’s 's ’ '")
NOUN_PREPOSITIONS = _words("of for at in to with from on")
"""Prepositions that go on with a noun: "professor of law at", "envoy to"."""
PREPOSITIONS = NOUN_PREPOSITIONS | _words(
    "by about against under like than over between among through into without within near around "
    "during despite amid following regarding"
)
CONJUNCTIONS = _words(
    "and or but nor as when while where after before since until if because whether so though "
    "although unless"
)
AUXILIARIES = _words(
    "is are was were be been being has have had do does did will would can could may might should "
    "must not"
)
VERBS = _words(
    "said say says told tells asked added adds met meets meet spoke wrote writes warned urged "
    "called argued noted insisted went came took gave made saw left"
)
"""Verbs that often follow or precede a speaker and never belong to a noun phrase."""
NUMBERS = tuple("two three four five six seven eight nine ten eleven twelve".split())
QUANTIFIERS = frozenset(NUMBERS) | _words(
    "some many several most other others few both all various"
)
TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december today yesterday tomorrow tonight noon "
    "week month year"
)
ASIDES = _words("very now also current currently himself herself only once formerly")
"""Words before a noun phrase that say nothing of its meaning."""
FUNCTION_WORDS = (
    PREPOSITIONS
    | CONJUNCTIONS
    | PRONOUNS
    | RELATIVE_PRONOUNS
    | DEMONSTRATIVES
    | AUXILIARIES
    | VERBS
) | _words(
    "you what how why there here no such more out up down off above below again still yet even "
    "however meanwhile according except later earlier recently finally nevertheless additionally "
    "similarly likewise instead indeed perhaps clearly sometimes never given beyond either neither "
    "each every any everything nothing anything something everyone somebody nobody"
)
"""Words, capitalized or not, that neither names nor roles are made of."""

# Names and what stands beside them.
PARTICLES = _words("al el bin ben ibn van von der den de da di del della dos du la le abu ter y")
"""Words of a name that may be written small."""
SUFFIXES = _words("jr sr ii iii iv")
"""Words behind a name that tell namesakes apart."""
COURTESIES = _words(
    "mr mrs ms miss dr sir dame lord lady madam hon mister monsieur madame herr frau"
)
"""Titles that say nothing of what somebody does."""
ABBREVIATIONS = {
    "sen": "senator", "sens": "senators", "rep": "representative", "reps": "representatives",
    "gov": "governor", "govs": "governors", "gen": "general", "col": "colonel",
    "lt": "lieutenant", "capt": "captain", "maj": "major", "adm": "admiral", "sgt": "sergeant",
    "brig": "brigadier", "prof": "professor", "rev": "reverend", "pres": "president",
    "sec": "secretary", "amb": "ambassador",
}  # fmt: skip
"""Titles as they are shortened before a name, with a period."""
WITH_PERIOD = frozenset(ABBREVIATIONS) | _words("mr mrs ms dr hon jr sr st")
"""Words whose period ends no sentence."""
WITH_PERIOD_PATTERN = "(?:" + "|".join(sorted(map(str.capitalize, WITH_PERIOD))) + r")\."
"""A regular expression of these words, as they are written beside names."""

# What people are. A family is a set of nouns that may speak of one person.
SPOKESPEOPLE = _words("spokesman spokeswoman spokesperson spokespeople spokesmen spokeswomen")
RANKS = _words(
    "general colonel lieutenant captain major admiral sergeant brigadier marshal commodore "
    "corporal private"
)
DIPLOMATS = _words(
    "ambassador envoy representative diplomat consul attaché attache negotiator delegate emissary "
    "mediator legate nuncio"
)
LAWYERS = _words("lawyer attorney counsel solicitor barrister")
AIDES = LAWYERS | _words("aide adviser advisor assistant counselor counsellor consultant")
"""People who work for one person or body: "aide to"."""
SCHOLARS = _words(
    "professor lecturer historian scholar researcher fellow expert specialist analyst academic "
    "scientist economist"
)
REPORTERS = _words("reporter journalist correspondent columnist editor writer author")
OFFICES = _words(
    "minister secretary undersecretary under-secretary-general coordinator commissioner director "
    "officer chief editor candidate rapporteur prosecutor president chairman executive"
)
"""Offices that a "for" names more closely: "minister for trade"."""
HEADS = (SPOKESPEOPLE | RANKS | DIPLOMATS | AIDES | SCHOLARS | REPORTERS | OFFICES) | _words(
    "premier chancellor secretary-general senator congressman congresswoman lawmaker legislator "
    "parliamentarian governor mayor councilman councilwoman councillor alderman vice-president "
    "king queen prince princess pope emperor emir sultan sheikh ayatollah imam bishop archbishop "
    "cardinal patriarch rabbi priest pastor reverend judge justice magistrate speaker whip leader "
    "head boss chair chairwoman chairperson founder co-founder cofounder owner manager strategist "
    "commander commander-in-chief soldier veteran pilot astronaut activist campaigner organizer "
    "organiser volunteer worker lobbyist politician statesman official bureaucrat member deputy "
    "teacher student authority commentator poet novelist editor-in-chief publisher broadcaster "
    "anchor host producer biologist physicist sociologist pollster physician doctor nurse surgeon "
    "engineer architect banker trader investor accountant farmer fisherman shopkeeper businessman "
    "businesswoman entrepreneur driver mechanic agent resident villager refugee witness survivor "
    "victim inspector investigator detective sheriff superintendent ombudsman auditor treasurer "
    "registrar provost dean rector principal administrator regulator monitor observer translator "
    "interpreter nominee incumbent dissident rebel militant warlord strongman dictator ruler "
    "monarch heir lord-lieutenant ceo cfo coo mp mep mps trustee supporter voter partner associate "
    "actor actress singer musician comedian coach player supervisor theorist operative contractor "
    "clerk intern caretaker marine guard cleric mullah chieftain elder vice-chair vice-chairman "
    "deputy-governor critic advocate donor fundraiser emeritus liaison moderator billionaire "
    "millionaire comptroller developer attendant mate protester protestor demonstrator surrogate "
    "counterpart successor predecessor hopeful contender frontrunner front-runner "
    "attorney-general director-general governor-general consul-general press-secretary"
)
"""Nouns for what somebody does or is."""
_LEADERS = _words("president premier chancellor king queen prince prime-minister")
_LAWMAKERS = _words(
    "lawmaker senator congressman congresswoman representative legislator deputy mp "
    "parliamentarian member"
)
_MINISTERS = _words("minister secretary secretary-of-state foreign-secretary")
_FAMILIES = {
    "leader": _LEADERS
    | _words("sultan emir leader ruler monarch head chief chairman chairwoman chair chairperson"),
    "diplomat": DIPLOMATS | _words("foreign-minister secretary-of-state foreign-secretary"),
    "minister": _MINISTERS,
    "spokesperson": SPOKESPEOPLE | {"press-secretary"},
    "lawmaker": _LAWMAKERS,
    "commander": RANKS | _words("commander officer"),
    "scholar": SCHOLARS,
    "director": _words("director head chief chief-executive ceo boss manager president"),
    "candidate": _words("candidate nominee contender"),
    "judge": _words("judge justice magistrate"),
    "lawyer": LAWYERS | {"prosecutor"},
    "politician": _words(
        "president premier minister senator congressman congresswoman lawmaker governor mayor "
        "politician chancellor candidate prime-minister"
    ),
    "official": SPOKESPEOPLE
    | _words(
        "official minister secretary director chief commissioner ambassador envoy adviser advisor "
        "deputy"
    ),
    "coach": _words("coach manager"),
    "reporter": REPORTERS,
    "activist": _words("activist campaigner organizer organiser"),
    "founder": _words("founder co-founder"),
}
LOOSE_FAMILIES = _words("official politician director")
"""Families in which nouns speak of one person only where one of them is the family's own."""
FAMILIES = {
    word: frozenset(family for family, words in _FAMILIES.items() if word in words)
    for word in frozenset().union(*_FAMILIES.values())
}
"""The families that a role noun is in."""
KIN = _words(
    "wife husband son daughter brother sister father mother uncle aunt nephew niece cousin widow "
    "widower spouse partner grandson granddaughter ex-wife ex-husband fiancé fiancée fiance fiancee"
)
MALE = _words(
    "mr sir lord king prince duke emir sultan sheikh chairman spokesman congressman councilman "
    "businessman policeman salesman statesman father husband son brother uncle nephew grandfather "
    "man boy actor he him his himself"
)
FEMALE = _words(
    "mrs ms miss dame lady queen princess duchess madam chairwoman spokeswoman congresswoman "
    "councilwoman businesswoman policewoman stateswoman mother wife daughter sister aunt niece "
    "grandmother woman girl actress she her hers herself"
)
PARTISANS = _words("republican democrat independent conservative libertarian socialist")
PARTY_WORDS = PARTISANS | _words("democratic labour tory liberal green")
"""Names of parties and of their members."""

# What stands before a role's noun.
CHANGING = _words("former ex then vice deputy acting interim assistant under")
"""Words that make another role of one: a "vice president" is no fuller "president"."""
MODIFIERS = CHANGING | _words(
    "senior junior outgoing incoming retired late veteran longtime long-time top chief lead "
    "leading associate adjunct honorary special permanent main managing general principal co prime "
    "first second presidential vice-presidential congressional royal crown grand executive newly "
    "elected investigative provincial municipal national regional shadow ranking supreme high "
    "fellow visiting local federal ruling"
)
"""What may stand to the left of an affiliation and still belongs to the role."""
FIELDS = _words(
    "foreign defense defence finance interior treasury trade justice health education energy "
    "economy economic labor labour transport transportation agriculture environment culture home "
    "state commerce security intelligence information national press policy political legal "
    "military financial operating operations research campaign communication communications human "
    "rights affairs attorney solicitor inspector opposition majority minority party government "
    "police army navy force staff union board program programme project media science technology "
    "medical news managing peace nuclear climate water public relations works immigration "
    "development planning investment tourism sports oil budget homeland parliamentary law art "
    "history physics literature elections tv television radio"
)
"""What a role is for: "foreign minister"."""
ROLE_WORDS = HEADS | MODIFIERS | FIELDS
TITLES = (
    COURTESIES
    | frozenset(ABBREVIATIONS)
    | (HEADS - {"dean", "fellow"})
    | _words("vice deputy former prime foreign interim acting rival opponent emcee")
)
"""Words before a name that are not part of it; without given names and "fellow" of others."""

# What speaks besides people.
INSTITUTIONS = _words(
    "ministry department institute university college embassy council agency commission committee "
    "court bureau foundation institution centre center administration mission secretariat bank "
    "association federation organization organisation office directorate authority academy society "
    "corporation group consulate tribunal charity"
)
"""Bodies that are never a part of a role: "an institute spokesman"."""
BODIES = INSTITUTIONS | _words(
    "government police army navy military party campaign company firm union parliament senate "
    "congress assembly junta regime coalition alliance front movement militia force forces palace "
    "presidency monarchy kremlin hospital school church board team bloc fund league house wing arm "
    "branch division unit panel newspaper magazine network channel broadcaster delegation cabinet "
    "brigade service club leadership ngo nonprofit"
)
"""Bodies, also those that may be part of a role: "party leader", but "a party spokesman"."""
PLACES = _words(
    "country nation state city town village region province island world republic kingdom "
    "territory area county district"
)
SPEAKING_BODIES = (BODIES | PLACES) - {"world"} | _words(
    "authorities body watchdog services command opposition outlet outlets media press publication "
    "paper station website summit conference family"
)
"""Whatever is no person and yet says something: bodies, places, the press."""
DOCUMENTS = _words(
    "statement report letter editorial article assessment communique communiqué release survey "
    "poll study document memo constitution declaration resolution post tweet message book "
    "transcript headline newsletter indictment ruling filing lawsuit ad advertisement video "
    "website email e-mail speech account plan"
)

_PERSON_ENDING = re.compile(
    r".{3,}(?:man|woman|person|ist|crat|eer|ologist|grapher|maker|keeper|holder|worker|owner"
    r"|[^aeiou]er|ator|itor|essor|ician|arian)$"
)
_NO_PERSON = _words(
    "number matter order letter paper newspaper river border power tower summer winter october "
    "september november december member former latter brother sister father mother daughter "
    "stepbrother grandmother grandfather grandson woman man person character chapter centre center "
    "theater disaster corner quarter answer offer monster computer factor sector winner loser "
    "german human list gist mist twist wrist career proper wonder under after never longer "
    "remainder reminder newcomer counter weather whether gather together meter master another "
    "other chamber layer player charter cluster filter cover fever finger shoulder calculator "
    "indicator elevator monitor capacitor"
)


def folded(written: str) -> str:
    """Words without accents and case."""
    marked = unicodedata.normalize("NFKD", written)
    return "".join(c for c in marked if not unicodedata.combining(c)).casefold()


def plain(word: str) -> str:
    """A word without accents, case, periods and possessive."""
    bare = folded(word.replace("’", "'"))
    return bare.removesuffix("'s").removesuffix("'").replace(".", "").strip(",")


def written_out(word: str) -> str:
    """A word in lower case, an abbreviated title in full: "Sen." is "senator"."""
    bare = word.rstrip(".").lower()
    return ABBREVIATIONS.get(bare, bare) if word.endswith(".") else word.lower()


def is_title(word: str) -> bool:
    """Is it a word that stands before names: "Minister", "Gen."?"""
    return word.rstrip(".").lower() in TITLES


def is_role_noun(word: str, determined: bool) -> bool:
    """Does a word name what a person does? Behind an article known endings do: "geologist"."""
    full = written_out(word)
    forms = {full, full.rsplit("-", 1)[-1]}
    forms |= {form.removesuffix("s") for form in forms}
    if not forms.isdisjoint(HEADS):
        return not full.endswith("-in-law")
    return (
        determined
        and word.islower()
        and full not in _NO_PERSON
        and _PERSON_ENDING.match(full) is not None
    )


# Places. Demonyms that do not begin like their country, and short names of states.
_COUNTRIES = {
    "french": "france", "dutch": "netherlands", "spanish": "spain", "greek": "greece",
    "swiss": "switzerland", "welsh": "wales", "scottish": "scotland", "danish": "denmark",
    "polish": "poland", "finnish": "finland", "irish": "ireland", "german": "germany",
    "filipino": "philippines", "philippine": "philippines", "thai": "thailand", "lao": "laos",
    "burmese": "burma", "cypriot": "cyprus", "norwegian": "norway", "portuguese": "portugal",
    "afghan": "afghanistan", "argentine": "argentina", "peruvian": "peru",
}  # fmt: skip
_STATES = {
    "us": "america", "usa": "america", "united states": "america", "uk": "britain",
    "united kingdom": "britain", "eu": "european union", "un": "united nations",
}  # fmt: skip
_DEMONYM = re.compile(r"[\w-]+(?:an|ish|ese|i|ch)", re.IGNORECASE)
_DEMONYM_ENDINGS = ("ian", "an", "n", "ish", "ese", "i")
_COUNTRY_ENDINGS = ("ia", "", "a", "e", "y", "en", "o", "land", "ay", "ey", "ain", "ne")
_LEAST_STEM = 4  # letters that a demonym and its country share


def may_be_demonym(word: str) -> bool:
    """Has a word the form of a demonym? So have some names: "Kestrian", but "Hassan" too."""
    return word.lower() in _COUNTRIES or _DEMONYM.fullmatch(word) is not None


def countries(demonym: str) -> Iterator[str]:
    """What the country of a demonym may be called, all in lower case: "kestrian", "kestria"."""
    word = demonym.removesuffix("s") if demonym.endswith("ns") else demonym
    if word in _COUNTRIES:
        yield _COUNTRIES[word]
        return
    for ending in _DEMONYM_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST_STEM:
            yield from (stem + country_ending for country_ending in _COUNTRY_ENDINGS)


def same_place(a: str, b: str) -> bool:
    """Do two plain words mean one place: "kestrian" and "kestria", "us" and "american"?"""
    return a == b or not _places(a).isdisjoint(_places(b))


@lru_cache(maxsize=4096)
def _places(word: str) -> frozenset[str]:
    return frozenset((word, _STATES.get(word, word), *countries(word)))
