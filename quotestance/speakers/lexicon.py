"""Words that tell what a mention is: titles, roles, bodies, documents, men and women.

Closed classes of English only: no list of people, bodies or places beyond the demonyms that do
not show their country.
"""

from __future__ import annotations

import re
import unicodedata

MALE = frozenset(
    "mr sir lord king prince duke emir sultan sheikh chairman spokesman congressman councilman "
    "businessman policeman salesman statesman father husband son brother uncle nephew grandfather "
    "man boy actor he him his himself".split()
)
FEMALE = frozenset(
    "mrs ms miss dame lady queen princess duchess madam chairwoman spokeswoman congresswoman "
    "councilwoman businesswoman policewoman stateswoman mother wife daughter sister aunt niece "
    "grandmother woman girl actress she her hers herself".split()
)
KIN = frozenset(
    "wife husband son daughter brother sister father mother uncle aunt nephew niece cousin widow "
    "widower spouse partner grandson granddaughter ex-wife ex-husband fiancé "
    "fiancée".split()
)
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president premier minister secretary "
    "senator sen representative rep congressman congresswoman governor gov mayor ambassador "
    "envoy chancellor king queen prince princess pope general gen colonel col lieutenant lt "
    "captain capt major maj admiral adm sergeant sgt judge justice chairman chairwoman "
    "spokesman spokeswoman spokesperson commissioner director chief vice deputy former prime "
    "foreign interim acting sheikh ayatollah emir sultan emeritus rev reverend hon candidate "
    "rival opponent nominee emcee host analyst".split()
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
"""Words behind a name that tell namesakes apart."""

PERSON_PRONOUNS = frozenset("he she him his her hers himself herself who".split())
FIRST_PERSON = frozenset("i we us our me my".split())
PLURAL_PRONOUNS = frozenset("they them their themselves we us our".split())
THING_PRONOUNS = frozenset("it its itself".split())
RELATIVES = frozenset("who whom which that this these those".split())
PREPOSITIONS = frozenset(
    "for of from to by with at on in about against under like than over between".split()
)
DOCUMENTS = frozenset(
    "statement report letter editorial article assessment communique communiqué release "
    "survey poll study document memo constitution declaration resolution post tweet message "
    "book transcript headline newsletter indictment ruling filing lawsuit ad advertisement "
    "video website email e-mail speech account plan".split()
)
BODIES = frozenset(
    "ministry government administration department agency office bureau commission committee "
    "council court parliament congress senate assembly cabinet party campaign company firm "
    "corporation group organization organisation union association federation alliance coalition "
    "army military navy force forces police militia movement bank fund institute institution "
    "university college school hospital newspaper magazine channel network station paper "
    "broadcaster embassy consulate mission delegation tribunal panel board authority authorities "
    "junta regime kremlin presidency monarchy church foundation charity watchdog bloc body wing "
    "team service services command secretariat leadership opposition outlet outlets media press "
    "publication website country nation state kingdom republic city ngo nonprofit club league "
    "summit conference family house".split()
)
_FAMILIES = {
    "leader": "president premier chancellor king queen prince sultan emir leader ruler monarch "
    "head chief prime-minister chairman chairwoman chair chairperson",
    "diplomat": "diplomat envoy ambassador representative delegate emissary foreign-minister "
    "secretary-of-state foreign-secretary negotiator mediator",
    "minister": "minister secretary secretary-of-state foreign-secretary",
    "spokesperson": "spokesman spokeswoman spokesperson press-secretary",
    "lawmaker": "lawmaker senator congressman congresswoman representative legislator deputy mp "
    "parliamentarian member",
    "commander": "general commander colonel admiral major captain lieutenant sergeant officer",
    "scholar": "professor analyst researcher expert scholar economist scientist historian fellow "
    "academic lecturer",
    "director": "director head chief chief-executive ceo boss manager president",
    "candidate": "candidate nominee contender",
    "judge": "judge justice magistrate",
    "lawyer": "lawyer attorney counsel prosecutor solicitor barrister",
    "politician": "president premier minister senator congressman congresswoman lawmaker governor "
    "mayor politician chancellor candidate prime-minister",
    "official": "official minister secretary director chief commissioner ambassador envoy adviser "
    "advisor deputy spokesman spokeswoman spokesperson",
    "coach": "coach manager",
    "reporter": "reporter journalist correspondent columnist editor writer author",
    "activist": "activist campaigner organizer organiser",
    "founder": "founder co-founder",
}
_SINGLE = (
    "governor mayor commissioner bishop archbishop cardinal pope priest imam rabbi pastor doctor "
    "nurse teacher farmer driver sheriff witness survivor actor actress singer director producer "
    "player aide adviser advisor assistant strategist consultant businessman businesswoman banker "
    "investor trader engineer pilot astronaut veteran soldier student victim resident owner "
    "father mother wife husband son daughter brother sister king queen prince princess"
).split()
_SHORT = {
    "gov": "governor", "sen": "senator", "rep": "representative", "gen": "general",
    "col": "colonel", "lt": "lieutenant", "capt": "captain", "maj": "major", "adm": "admiral",
    "sgt": "sergeant", "prof": "professor", "dr": "doctor",
}  # fmt: skip


def _families() -> dict[str, frozenset[str]]:
    found = {word: frozenset({word}) for word in _SINGLE}
    for words in _FAMILIES.values():
        found.update(dict.fromkeys(words.split(), frozenset()))
    for family, words in _FAMILIES.items():
        for word in words.split():
            found[word] |= {family}
    return found


FAMILIES = _families()
"""The families of roles that a role noun is in; a noun alone in its kind is its own family."""
ROLES = frozenset(FAMILIES)
_COMPOUNDS = {
    ("prime", "minister"): "prime-minister",
    ("foreign", "minister"): "foreign-minister",
    ("secretary", "of", "state"): "secretary-of-state",
    ("foreign", "secretary"): "foreign-secretary",
    ("press", "secretary"): "press-secretary",
    ("chief", "executive"): "chief-executive",
}

# Demonyms, and short names of states, that do not begin like their country.
_PLACES = {
    "us": "america", "usa": "america", "american": "america", "americans": "america",
    "united states": "america", "uk": "britain", "british": "britain", "united kingdom": "britain",
    "french": "france", "dutch": "netherlands", "spanish": "spain", "greek": "greece",
    "swiss": "switzerland", "welsh": "wales", "danish": "denmark", "polish": "poland",
    "finnish": "finland", "swedish": "sweden", "turkish": "turkey", "irish": "ireland",
    "filipino": "philippines", "philippine": "philippines", "thai": "thailand",
    "burmese": "burma", "eu": "european union", "un": "united nations", "cypriot": "cyprus",
}  # fmt: skip
_DEMONYM_END = re.compile(r"(?:ians?|ans?|ese|ish|is?|ns?)$")
_LEAST_STEM = 4


def plain(word: str) -> str:
    """A word without accents, case, periods and possessive."""
    folded = unicodedata.normalize("NFKD", word.replace("’", "'"))
    bare = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    return bare.removesuffix("'s").removesuffix("'").replace(".", "").strip(",")


def role_words(words: list[str]) -> list[str]:
    """Plain words of a description, compound roles joined and short titles written out."""
    found: list[str] = []
    index = 0
    while index < len(words):
        for size in (3, 2):
            compound = _COMPOUNDS.get(tuple(words[index : index + size]))
            if compound:
                found.append(compound)
                index += size
                break
        else:
            found.append(_SHORT.get(words[index], words[index]))
            index += 1
    return found


def same_place(a: str, b: str) -> bool:
    """Do two plain words mean one place: "kestrian" and "kestria", "us" and "american"?"""
    a, b = _PLACES.get(a, a), _PLACES.get(b, b)
    if a == b:
        return True
    stem_a, stem_b = _DEMONYM_END.sub("", a), _DEMONYM_END.sub("", b)
    if stem_a == b or stem_b == a:
        return min(len(a), len(b)) >= _LEAST_STEM
    shorter, longer = sorted((stem_a, stem_b), key=len)
    near = len(longer) <= len(shorter) + 3
    return len(shorter) >= _LEAST_STEM and near and longer.startswith(shorter)
