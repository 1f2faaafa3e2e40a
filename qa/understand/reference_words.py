"""Words of five languages that speak of something named elsewhere.

A line holds a sort, then a regular expression of whole words in which a blank stands for any space:

- `nothing`: looks like a pronoun and stands for nothing ("il y a", "there is", "es gibt")
- `pointer`: always points out of the message ("this agreement", "cela", "dort")
- `subject`: means the nearest name before it, if there is one ("he")
- `object`: never means the nearest name, which is the subject of its verb ("it", "l'a signé")
- `owner`: means whatever is named before it ("its", "son")
"""

REFERENCE_WORDS = {
    "fr": r"""
        nothing   (il )?y( |-)(a|avait|aura|eut)( |-)t( |-)il
        nothing   il y (a|avait|aura|eut|en a)
        nothing   (autour de |entre )?(lui|elle|eux|elles)-mêmes?|entre (eux|elles)
        nothing   y compris
        nothing   (s['’])?(est|était|sera|serait)-il (passé|arrivé|vrai|possible|question|prévu)
        nothing   (se passe-t|s['’]agit|faut|fait|pleut)-il
        nothing   il (s['’]agit|s['’]est agi|faut|fait|pleut|est vrai|est possible)
        nothing   (qu['’])?est-ce( qu['’]| que| qui)?
        nothing   ce (qui|que|dont|qu['’])
        nothing   c['’](est|était)
        nothing   (celui|celle|ceux|celles) (qui|que|dont)
        pointer   celui-ci|celle-ci|cela|ça|là-bas|(le|la) même
        pointer   (ce|cet|cette|ces) \w+
        pointer   y (a|ont|est|sont|était|étaient|avait|avaient|aura|vit|vivent|travaille|assiste)
        pointer   (en|y) (est|sont|a|ont)-(il|elle|ils|elles|on|t-il|t-elle|t-on)
        pointer   (qui |qu['’]|n['’]|s['’]|combien )en (a|ont|est|sont|di\w+|fai\w+|pens\w+|parl\w+)
        subject   (ils?|elles?)
        object    lui|eux
        object    l['’](a|ont|avait|avaient|aura|auront|eut|a-t-il|a-t-elle|a-t-on)
        object    (le|la|les) (a|ont|avait|avaient|aura|auront)
        object    qui (le|la|les|leur) \w+\W*$
        object    qui l['’]\w+\W*$
        owner     son|sa|ses|leurs?|celui|celle|ceux|celles
        """,
    "en": r"""
        nothing   there('s| is| are| was| were| will| has| have| had)
        nothing   (is|are|was|were|will|be|been) there \w+
        nothing   (is|was) it (true|possible|likely|legal)
        nothing   it (is|was) (true|possible|likely|legal)
        pointer   (about|before|after|of|like|with|in|for|is|was|did|by) (that|this|these|those)
        pointer   (this|these|those) \w+
        pointer   (who|what|happen|happened|went|go|live|lives|work|works|was|were|from|up) there
        pointer   the (same|latter|former)
        subject   he|she|they
        subject   it(?= (is|was|has|had|will|would|can|could|may|might|should))
        object    it(?! (is|was|has|had|will|would|can|could|may|might|should))
        object    him|them|her(?! \w)
        owner     his|its|their|her(?= \w)
        """,
    "vi": r"""
        nothing   (trong|do|nhờ|sau) đó|họ (của|tên|và)
        pointer   nó|(việc|điều|chuyện) (đó|này|ấy)|ở (đó|đấy|đây)
        pointer   \w+ (đó|này|ấy)
        subject   họ
        """,
    "de": r"""
        nothing   (gibt|gab|gäbe|geht|ging|handelt|kommt|kam) es
        nothing   es (gibt|gab|gäbe|geht|ging|handelt|kommt|kam|sich)
        nothing   ist es (wahr|möglich)
        pointer   dort|dorthin|davon|daran|dafür|dazu|darüber|dabei|darauf|dagegen|darin
        pointer   (diese|jene)[rnms]? \w+|derselben?|dieselben?|dasselbe
        pointer   das( passiert| geschehen| bedeuten)?\W*$
        subject   er|sie|es
        object    ihn|ihm|ihnen
        owner     (sein|ihr)(e[rnms]?)?
        """,
    "es": r"""
        nothing   lo que|(la|las|el|los) (que|cual|cuales)
        pointer   eso|ello|aquello|esto|allí|allá|ahí|al respecto|(el mismo|la misma)
        pointer   (este|esta|estos|estas|ese|esa|esos|esas|aquel|aquella) \w+
        subject   él|ella|ellos|ellas
        object    (quién|quiénes|quien|quienes) (lo|la|los|las|le|les) \w+
        object    (cuándo|cómo|dónde|qué|por qué) (lo|los|le|les) \w+(?!.* (a|al) )
        object    (lo|los|las|les) (ha|han|hizo|hicieron|había)
        owner     sus?
        """,
}

# what begins a noun: whatever follows may be meant by a pronoun after it
DETERMINERS = {
    "fr": r"(le|la|les|un|une|des|du|au|aux|chaque|mon|ma|mes|notre|nos|votre|vos) |l['’]|d['’]",
    "en": r"(the|a|an|every|each|my|our|your) ",
    "vi": r"(ông|bà|các|những|vị|ngài) ",
    "de": r"(der|die|das|dem|den|des|jede[rs]?|(ein|mein|unser)(e[rnms]?)?) ",
    "es": r"(el|la|los|las|un|una|unos|unas|del|al|cada|mis?|nuestr[oa]s?) ",
}

# what begins a noun that the question is after: "which airline" owns, but is no "it"
ASKED_DETERMINERS = {
    "fr": r"(quels?|quelles?|combien de) |combien d['’]",
    "en": r"(which|what|whose|how many) ",
    "vi": r"(?!)",
    "de": r"(welche[rnms]?|wie viele|wieviele) ",
    "es": r"(qué|cuántos|cuántas|cuáles) ",
}
