"""The words that roles are made of: a compact list of heads, what may stand before them, bodies.

Heads that are not listed are known by their endings where an article leads in ("a geologist").
"""

from __future__ import annotations

import re

SPOKESPEOPLE = frozenset(
    "spokesman spokeswoman spokesperson spokespeople spokesmen spokeswomen".split()
)
RANKS = frozenset(
    "general colonel lieutenant captain major admiral sergeant brigadier marshal commodore "
    "corporal private".split()
)
DIPLOMATS = frozenset(
    "ambassador envoy representative diplomat consul attaché negotiator delegate legate "
    "nuncio".split()
)
AIDES = frozenset(
    "aide adviser advisor assistant counsel counselor counsellor lawyer attorney consultant".split()
)
SCHOLARS = frozenset(
    "professor lecturer teacher historian scholar researcher student fellow expert specialist "
    "analyst authority correspondent reporter".split()
)
# Offices that a "for" names more closely: "minister for trade".
OFFICES = frozenset(
    "minister secretary undersecretary under-secretary-general coordinator commissioner director "
    "officer chief editor candidate rapporteur prosecutor president chairman executive".split()
)
PARTIES = frozenset("republican democrat independent conservative libertarian socialist".split())
_OTHER_HEADS = frozenset(
    "premier chancellor secretary-general senator congressman congresswoman lawmaker legislator "
    "governor mayor councilman councilwoman councillor alderman vice-president king queen prince "
    "princess pope emperor emir sultan sheikh ayatollah imam bishop archbishop cardinal patriarch "
    "rabbi priest pastor reverend judge justice magistrate speaker whip leader head boss chair "
    "chairwoman chairperson founder co-founder cofounder owner manager strategist economist "
    "commander commander-in-chief soldier officer veteran pilot activist campaigner organizer "
    "organiser volunteer worker lobbyist politician statesman official bureaucrat member deputy "
    "journalist columnist commentator author writer novelist poet editor-in-chief publisher "
    "broadcaster anchor host scientist biologist physicist sociologist pollster physician doctor "
    "nurse surgeon engineer architect banker trader investor farmer fisherman shopkeeper "
    "businessman businesswoman entrepreneur driver mechanic resident villager refugee witness "
    "survivor inspector investigator detective sheriff superintendent ombudsman auditor treasurer "
    "registrar provost dean rector principal administrator regulator monitor observer mediator "
    "translator interpreter nominee candidate incumbent dissident rebel militant warlord strongman "
    "dictator ruler monarch heir lord-lieutenant ceo cfo coo mp mep mps trustee supporter voter "
    "partner associate actor actress singer musician comedian coach player supervisor theorist "
    "operative contractor clerk intern caretaker marine guard cleric mullah chieftain elder "
    "vice-chair vice-chairman deputy-governor critic advocate donor fundraiser emeritus liaison "
    "moderator billionaire millionaire comptroller developer attendant mate protester protestor "
    "demonstrator surrogate counterpart successor predecessor hopeful contender frontrunner "
    "front-runner attorney-general director-general governor-general consul-general "
    "press-secretary".split()
)
HEADS = SPOKESPEOPLE | RANKS | DIPLOMATS | AIDES | SCHOLARS | OFFICES | RANKS | _OTHER_HEADS

# Modifiers that as often begin the name of a body: "Supreme Court", "Royal Society".
IN_NAMES = frozenset(
    "supreme high royal national federal regional local congressional grand first second special "
    "main crown general central provincial municipal royal".split()
)
# What may stand to the left of an affiliation and still belongs to the role.
MODIFIERS = frozenset(
    "deputy vice former ex acting interim senior junior then outgoing incoming retired late "
    "veteran longtime long-time top chief lead leading assistant associate adjunct honorary "
    "special permanent main managing general principal co prime first second presidential "
    "vice-presidential congressional royal crown grand executive newly elected investigative "
    "provincial municipal national regional shadow ranking supreme high fellow visiting under "
    "local federal ruling".split()
)
FIELDS = frozenset(
    "foreign defense defence finance interior treasury trade justice health education energy "
    "economy economic labor labour transport transportation agriculture environment culture home "
    "state commerce security intelligence information national press policy political legal "
    "military financial operating operations research campaign communication communications human "
    "rights affairs attorney solicitor inspector opposition majority minority party government "
    "police army navy force staff union board program programme project media science technology "
    "medical news managing peace nuclear climate water public relations works immigration "
    "development planning investment tourism sports oil budget homeland parliamentary law art "
    "history physics literature elections tv television radio".split()
)
LEXICON = HEADS | MODIFIERS | FIELDS

# Bodies that speak through people: "the foreign ministry's ...", "an institute spokesman".
INSTITUTIONS = frozenset(
    "ministry department institute university college embassy council agency commission committee "
    "court bureau foundation institution centre center administration mission secretariat bank "
    "association federation organization organisation office directorate authority academy society "
    "corporation group".split()
)
# Bodies that may as well be part of a role: "party leader", but "a party spokesman".
BODIES = INSTITUTIONS | frozenset(
    "government police army navy military party campaign company firm union parliament senate "
    "congress junta regime coalition alliance front movement militia force rebels palace "
    "hospital school church board team bloc fund league house wing arm branch division unit panel "
    "newspaper magazine network delegation cabinet brigade service club leadership".split()
)
PLACES = frozenset(
    "country nation state city town village region province island world republic kingdom "
    "territory area county district".split()
)

ABBREVIATIONS = {
    "sen": "senator",
    "sens": "senators",
    "rep": "representative",
    "reps": "representatives",
    "gov": "governor",
    "govs": "governors",
    "gen": "general",
    "col": "colonel",
    "lt": "lieutenant",
    "capt": "captain",
    "maj": "major",
    "adm": "admiral",
    "sgt": "sergeant",
    "brig": "brigadier",
    "prof": "professor",
    "rev": "reverend",
    "pres": "president",
    "sec": "secretary",
    "amb": "ambassador",
}
COURTESIES = frozenset(
    "mr mrs ms miss dr sir dame lord lady madam hon mister monsieur madame herr frau".split()
)

POSSESSIVES = frozenset(["’s", "'s", "’", "'"])
DETERMINERS = frozenset("the a an its his her their our one this another".split())
PREPOSITIONS = frozenset("of for at in to with from on".split())
QUANTIFIERS = frozenset(
    "two three four five six some many several most other few both all various".split()
)
# Words before a phrase that say nothing of the role.
ASIDES = frozenset("very now also current currently himself herself only once formerly".split())
_FUNCTION = frozenset(
    "and or but by as about after before since during while when where who whom whose which that "
    "than if because until under over between among against into through without within near "
    "around like i he she it we they you me him us them is are was were be been being has have had "
    "do does did will would can could may might should must not no said says say told tells asked "
    "added adds met meets meet spoke wrote writes warned urged called argued noted insisted went "
    "came took gave made saw left so there here what how why both all some many several these "
    "those such more most other out up down off again still yet even however meanwhile according "
    "except despite amid following regarding later earlier recently finally nevertheless "
    "additionally similarly likewise instead indeed perhaps clearly sometimes never nor whether "
    "though although unlike given".split()
)
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december today yesterday tomorrow tonight noon week "
    "month year".split()
)
BOUNDARIES = PREPOSITIONS | _FUNCTION | TIMES | QUANTIFIERS | (DETERMINERS - {"one"})
WORDS_IN_NAMES = frozenset("of for and & the".split())
PARTICIPLES = frozenset("emeritus based born living working specializing specialising now".split())
RELATIVES = {
    "leads": "leader",
    "heads": "head",
    "chairs": "chair",
    "directs": "director",
    "runs": "head",
    "edits": "editor",
    "founded": "founder",
    "co-founded": "co-founder",
    "owns": "owner",
    "commands": "commander",
    "manages": "manager",
}

_PERSON_ENDING = re.compile(
    r".{3,}(?:man|woman|person|ist|crat|eer|ologist|grapher|maker|keeper|holder|worker|owner"
    r"|[^aeiou]er|ator|itor|essor|ician|arian)$"
)
_NO_PERSON = frozenset(
    "number matter order letter paper newspaper river border power tower summer winter october "
    "september november december member former latter brother sister father mother daughter "
    "stepbrother grandmother grandfather grandson woman man person character chapter centre center "
    "theater disaster corner quarter answer offer monster computer factor sector winner loser "
    "german human list gist mist twist wrist career proper wonder under after never longer "
    "remainder reminder newcomer counter weather whether gather together meter master "
    "another other chamber layer player charter cluster filter cover fever finger shoulder "
    "calculator indicator elevator monitor capacitor".split()
)


def is_role_noun(word: str, determined: bool) -> bool:
    """Does a word name what a person does? Behind an article known endings do: "geologist"."""
    plain = written_out(word)
    forms = {plain, plain.rsplit("-", 1)[-1]}
    forms |= {form.removesuffix("s") for form in forms}
    if not forms.isdisjoint(HEADS):
        return not plain.endswith("-in-law")
    return (
        determined
        and word.islower()
        and plain not in _NO_PERSON
        and _PERSON_ENDING.match(plain) is not None
    )


def written_out(word: str) -> str:
    """A word in lower case, an abbreviated title in full: "Sen." is "senator"."""
    plain = word.rstrip(".").lower()
    return ABBREVIATIONS.get(plain, plain) if word.endswith(".") else word.lower()


def in_role_case(word: str) -> str:
    """A word of a role: common words in lower case, names and initialisms as written."""
    plain = written_out(word)
    common = plain in LEXICON or plain.removesuffix("s") in LEXICON
    common = common or all(part in LEXICON or part == "elect" for part in plain.split("-"))
    return plain if common and not (word.isupper() and len(word) > 1) else word
