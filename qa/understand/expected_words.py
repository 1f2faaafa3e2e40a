"""Question words of five languages, and what each asks for.

`QUESTION_WORDS` holds a line for each: the kind of answer, then a regular expression in which a
blank stands for any space, ROLE and AMOUNT for a word of the tables below, WHICH for the language's
"which" or "what is the", and HEAD for the beginning of a clause, where "que" and "what" ask.
"""

# what "which minister" and "quelle actrice" ask for by name, though no "who" says so
ROLES = {
    "fr": r"""ministre présidente? maire députée? sénat(eur|rice) candidate? pape dirigeante?
        cheffe? patron(ne)? direct(eur|rice) secrétaire gouverneure? ambassad(eur|rice) générale?
        juge avocate? journaliste médecin aut(eur|rice) écrivaine? réalisat(eur|rice) act(eur|rice)
        chant(eur|euse) joueu(r|se) entraîneu(r|se) athlète coureu(r|se) champion(ne)? homme femme
        personne roi reine""",
    "en": r"""minister president mayor senator candidate pope leader head director secretary
        governor ambassador general judge lawyer journalist doctor author writer actor actress
        singer player coach athlete champion man woman person king queen chancellor politician
        official scientist""",
    "vi": r"""bộ_trưởng thủ_tướng tổng_thống chủ_tịch tổng_bí_thư đại_sứ thị_trưởng nghị_sĩ người
        cầu_thủ huấn_luyện_viên ca_sĩ diễn_viên nhà_văn tác_giả giám_đốc vua nữ_hoàng""",
    "de": r"""\w*minister(in)? \w*präsident(in)? \w*meister(in)? \w*kanzler(in)? \w*chef(in)?
        \w*direktor(in)? \w*schauspieler(in)? \w*sänger(in)? \w*spieler(in)? \w*trainer(in)?
        könig(in)? abgeordneter? senator(in)? kandidat(in)? papst botschafter(in)? richter(in)?
        anwalt anwältin journalist(in)? arzt ärztin autor(in)? mann frau politiker(in)? person""",
    "es": r"""ministr[oa] president[ea] alcalde(sa)? diputad[oa] senadora? candidat[oa] papa líder
        dirigente jef[ea] directora? secretari[oa] gobernadora? embajadora? general juez abogad[oa]
        periodista médic[oa] autora? escritora? act(or|riz) cantante jugadora? entrenadora? atleta
        campe(ón|ona) hombre mujer persona rey reina""",
}

AMOUNTS = {
    "fr": """nombre montant taux pourcentage prix coût âge population superficie budget durée part
        distance longueur hauteur vitesse température magnitude somme score proportion""",
    "en": """number amount percentage share price cost age population size rate length height
        distance speed temperature magnitude sum score turnout toll budget proportion""",
    "vi": "dân_số giá diện_tích tỷ_lệ",
    "de": """anzahl zahl betrag anteil preis summe prozentsatz bevölkerung einwohnerzahl fläche
        dauer entfernung länge höhe temperatur stärke quote""",
    "es": """número cantidad porcentaje precio coste costo edad población superficie importe monto
        tasa duración distancia longitud altura velocidad temperatura magnitud presupuesto suma""",
}

WHICH = {
    "fr": r"quel(le)?s?( est| était| fut| sera)? (le |la |l['’])?",
    "en": r"(what|which)(['’]s| is| was| will be)? (the |his |her )?",
    "vi": r"",
    "de": r"(welche[rnms]?|(was|wie) (ist|war|lautet)) (der |die |das )?",
    "es": r"(qué|cuál (es|era|fue|será)) (el |la )?",
}

# "et que", "and what": the beginning of a clause may have a word before it
HEAD = r"(^|[,;:.?!¿…]\s*|\b(et|mais|and|but|so|und|aber|y|pero) )\W*"

QUESTION_WORDS = {
    "fr": r"""
        number    combien
        number    WHICH(\w+ )?AMOUNT
        number    HEADque coût
        date      quand
        date      WHICH(date|jour|année|mois|heure|siècle)
        several   quels|quelles|lesquels|lesquelles|quoi
        several   HEAD(que|qu['’]\w+)
        several   (énumère|liste|cite)[rz]?
        person    qui
        person    WHICH(\w+ )?ROLE
        person    comment s['’]appel\w+ (l[ea] |l['’])(\w+ )?ROLE
        anything  où|pourquoi|comment|quel|quelle|lequel|laquelle
        """,
    "en": r"""
        number    how (many|much|old|long|far|high|tall|big|large|often|fast|deep)
        number    WHICH(\w+ )?AMOUNT
        number    what\b.{1,60} cost
        date      when
        date      WHICH(date|day|year|month|time)
        person    who|whom|whose
        person    WHICH(\w+ )?ROLE
        several   what(['’]s| is| was) (\w+ed|\w+ing|\w+en|said|done|built|sent|told|made|new)
        anything  what(['’]s| is| was)
        several   what (did|does|do|has|had|have|are|were|will|would|can|could|should|else)
        several   what (happen|chang)\w*
        several   (what|which) (people|men|women|children|\w*[^\Wsiu]s)
        several   (what|which) \w+ \w*[^\Wsiu]s (did|do|are|were|have|will|can|of|in)
        several   HEAD(list|name|enumerate)
        anything  where|why|how|which|what
        """,
    "vi": r"""
        number    bao (nhiêu|lâu|xa)
        number    mấy
        date      khi nào|bao giờ|mấy giờ
        date      (ngày|năm|tháng|lúc|hôm|thứ) nào
        several   (những|các)\b.{1,40}?\b(nào|gì)
        several   những ai|liệt kê
        person    ai
        person    ROLE (\w+ ){0,2}nào
        anything  (như )?thế nào|ra sao|(tại|vì|làm) sao|đâu|nơi nào
        several   gì|nào
        """,
    "de": r"""
        number    wie( )?viel(e[nrm]?)?
        number    wie (hoch|alt|lange?|groß|weit|teuer|oft|schnell|schwer|tief|stark)
        number    WHICH(\w+ )?AMOUNT
        number    was kostete?
        date      wann
        date      WHICH(tag|jahr|monat|datum|uhrzeit)
        person    wer|wen|wem|wessen
        person    WHICH(\w+ )?ROLE
        person    wie heißt (der|die) (\w+ )?ROLE
        several   welchen \w+n
        several   welche (\w+en )?\w+(en|er|ln|rn)
        several   welche \w+[es] (sind|\w+en)
        anything  HEADwas (ist|war) (der|die|das|eine?)
        several   HEADwas
        several   (nenne|liste|zähle)
        anything  wo|wohin|woher|warum|wieso|weshalb|wie|welche[rnms]?
        """,
    "es": r"""
        number    cu[aá]nt[oa]s?
        number    WHICH(\w+ )?AMOUNT
        date      cu[aá]ndo
        date      WHICH(día|fecha|año|mes|hora)
        several   qui[eé]nes|cuáles|enumera|lista|nombra
        person    qui[eé]n
        person    WHICH(\w+ )?ROLE
        person    cómo se llama\w* (el|la) (\w+ )?ROLE
        anything  (por|para) qué
        several   qué (se|ha|han|había|hay|hizo|dijo|pasa|ocurre|sucede|dice|prevé|cambia)
        several   qué \w+(ó|aron|ieron)
        several   qué \w{2,}[aeoé]s
        anything  dónde|cómo|cuál|qué
        """,
}
