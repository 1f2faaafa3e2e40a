"""What denies, by language. Data of `qa/written/negations.py`.

Sure words deny what stands beside them in every text. Quiet ones may say the same: a translator
writes "refused" for "did not accept". A quiet word answers a sure one and asks for none.
"""

# French, where a negation has two parts: the second; with "ne" only, or by itself too
WITH_NE = frozenset(
    [
        "pas",
        "plus",
        "jamais",
        "rien",
        "personne",
        "aucun",
        "aucune",
        "guère",
        "point",
        "nul",
        "nulle",
        "ni",
    ]
)
# which of them stand before "ne" too: "personne ne", "aucun accord n'"
BEFORE_NE = frozenset(["jamais", "rien", "personne", "aucun", "aucune", "nul", "nulle", "ni"])
# "ne ... que" is no negation
ONLY = frozenset(["que", "qu", "seulement", "uniquement"])
ALONE = r"pas(?! (?:à pas|seulement|uniquement)\b)|sans(?! doute\b)|aucune?|non(?=[,.!…]| pas\b)|ni"
# "ne" by itself denies with these verbs only; elsewhere it is a matter of style
NE_ALONE = (
    r"peut|peuvent|pouvait|pouvaient|pourrait|saurait|sauraient|cesse|cessent|cessait|ose|osent"
)

SURE = {
    "en": r"(?<!or )not(?! only| just)|never|no(?!\. ?\d| doubt)|none|nobody|nothing|nowhere"
    r"|neither|nor|without(?! fail| doubt)|cannot|can't|cant|\w+n['’]t",
    "vi": r"không(?! gian| khí| quân| phận| chỉ| những| lực| tặc| chiến| đối)|chưa(?! kể)"
    r"|chẳng(?! hạn)|chả|đừng",
    "de": r"nicht(?! nur| bloß| allein| zuletzt)|kein(?:e[nmrs]?)?|nie|niemals|niemand(?:e[nmrs]?)?"
    r"|nichts|nirgend\w*|keines(?:falls|wegs)|weder|ohne(?! Zweifel| Frage)",
    "es": r"no(?! s[oó]lo| solamente| únicamente| obstante)|nunca|jamás|nadie|nada|ning[uú]n\w*|ni"
    r"|tampoco|sin(?! (?:embargo|duda)\b)",
}

# not a negation behind these
SURE_NOT_BEHIND = {
    "vi": r"(?:hàng|hay|có|số|bằng) $",
    "de": r"oder $",
    "es": r"(?:\bo|más que) $",
}

# what denies nothing more behind another negation: "not ... nor", "no ... nada"
AGREEING = {
    "en": r"nor",
    "es": r"nunca|jamás|nadie|nada|ning[uú]n\w*|ni|tampoco",
}

QUIET = {
    "fr": r"""refus\w*|rejet\w*|fich\w*|inaccess\w*
        |nie(?:r|nt)?|niait|nié|dément\w*|démenti\w*|échou\w*|échecs?|manqu\w*
        |absence|absente?s?|empêch\w*|évit\w*|interdi\w*|incapa\w+|impossi\w+|peu|rarement|rares?
        |guère|sauf|excepté|hormis|à moins|au lieu|plutôt|loin|cess\w*|arrêt\w*|trop|seul\w*
        |uniquement|perd\w*|faute|contre|oppos\w*|jamais|nul(?:le)?s?|ignor\w*|malgré|hors
        |exclu\w*|priv\w*|annul\w*|difficil\w+|dépourvu\w*|mal|moins|abandonn\w*|renonc\w*
        |contest\w*|dout\w*|inévit\w*|rest(?:e|ent|ait|aient) à
        |rien|personne|non|vide|déterminer|illég\w+|in(?:connu|dépend|utile
        |suffi|just|accept|exact|quiet|attend|actif|act|visib|certain|jug|comp)\w*|mé(?:content
        |connu)\w*|dés\w{4,}|à peine|tout sauf|ni|sinon""",
    "en": r"""fail\w*|refus\w*|reject\w*|den(?:y|ies|ied|ying|ial)|lack\w*|unable|prevent\w*
        |avoid\w*|stop\w*|ban(?:s|ned)?|prohibit\w*|forb\w+|miss(?:ed|ing|es)?|few|little|hardly|barely
        |scarcely|rarely|seldom|unless|instead|rather|except|absen\w+|against|oppos\w*|doubt\w*
        |un(?!it|iv|der|til|ion|iq|ice)\w{4,}|im(?:poss|prob|perf|moral|mature)\w+
        |in(?:capab|abil|vis|effect|activ|adequa|complet|dependen|sufficient|correct|consisten
        |evitab|significan)\w*|(?:in|ir)\w+[ai]bl[ey]|il(?:legal|logical)\w*|ir(?:regular|responsib|relevant)\w*
        |dis(?:agree|approv|allow|courag|miss|contin|satisf|prov|band|appear|connect|honest|like)\w*
        |non-?\w+|\w{3,}less|too|far|yet|lost|los(?:e|es|ing|s)|ignor\w*|cancel\w*|exclud\w*|wrong
        |free|beyond|only|despite|empty|abandon\w*|difficult|without|no|not""",
    "vi": r"""thiếu|vô|bất|phi|mất|khỏi|từ chối|phủ nhận|bác bỏ|phản đối|cấm|ngăn|tránh|ngừng
        |hủy|huỷ|thất bại|trừ|ngoài|hết|hiếm|ít|khó|trái|thay vì|hơn là|dừng|chống|tuyệt chủng
        |loại|bỏ|kém|chấm dứt|lỡ|sai|duy nhất|chỉ|hoãn|vắng|rút|không|chưa""",
    "de": r"""(?:be|ge|ver)hinder\w*|(?:ver)?weiger\w*|ab(?:ge|zu)?lehn\w*|lehnt\w*|bestr[ei]+t\w*
        |dementier\w*|leugn\w*
        |(?:ge)?scheiter\w*|(?:ge)?fehl\w*|\w*mangel\w*|mangels|verhinder\w*|verm(?:eid|ied)\w*
        |verb(?:iet|ot|oten)\w*|un(?!d\b|ter|s\b|ser|ion|iver|iform|gefähr)\w{4,}|\w{3,}los(?:e[nmrs]?)?
        |kaum|selten|wenige?[nrs]?|außer|ausser|(?:an)?statt|sondern|nur|lediglich|bloß|noch|zu
        |ver(?:lor|lier)\w*|gegen|trotz|ab(?:ge)?sag\w*|aus(?:ge)?schl(?:oss|ieß)\w*|zweifel\w*
        |schwer\w*|schwierig\w*|falsch\w*|gestoppt|stopp\w*|miss\w{4,}|illegal\w*|frei|leer\w*
        |ignorier\w*|aufge(?:hör|geb)\w*|verpass\w*|nein|abwesen\w*|entging\w*|verzicht\w*|erst
        |allein\w*|verschwund\w*|aufhör\w*|nicht|ohne""",
    "es": r"""rechaz\w*|neg(?:ó|ar\w*|ad[oa]s?|aron|aba\w*|ativ\w+)|nieg\w*|desm(?:int|ent|ient)\w*
        |fall(?:o|os|ó|ar|ado|aron)|fracas\w*|falt\w*|carec\w*|ausen\w*|imp(?:id|ed|ide)\w*|evit\w*
        |prohi?b\w*|incapa\w*|imposib\w*|poc[oa]s?|apenas|raramente|rara vez|salvo|excepto|a menos
        |en (?:lugar|vez)|lejos|dej(?:ó|ar|ado|aron|a|an)|ces\w*|s[oó]lo|solamente|únicamente
        |perd\w*|pierd\w*|contra|op(?:on|us|oner)\w*|ignor\w*|a pesar|fuera|exclu\w*|priv\w*
        |cancel\w*|anul\w*|difícil\w*|mal|menos|abandon\w*|renunci\w*|dud\w*|vací\w*|ileg\w*|sino|aún
        |todavía|in(?:útil|dep|sufic|just|acept|exact|quiet|esper|activ|visib|segur|comp|conoc)\w*
        |des(?!de|pués|tac|arroll|pach)\w{4,}|demasiado|libre|únic[oa]|no|sin""",
}

# of the words that may deny, those that turn a word into its contrary, in any of the languages:
# what says the same denies too, or has such a word itself
CONTRARY = (
    r"(?:in|im|ir|il)\w{2,}[ai]b(?:les?|ly|ilit\w+)|impossi\w+|imperf\w+|improb\w+|inconnu\w*"
    r"|inco(?:rrect|mplet)\w*|in(?:suff|adequa|accura|exact|visib|just|utile|activ|effect|effic"
    r"|discrim|capab|capac|aptitu)\w*|ill[eé]g\w*|irr[eé]gul\w*|un(?!it|iv|der|til|ion|iq|ice|less|e)"
    r"\w{4,}|\w{4,}less|\w{4,}los(?:e[nmrs]?)?|non-?\w+|unable|lack\w*|dépourv\w*|carec\w*|fich\w*"
    r"|refus\w*|reject\w*|rejet\w*|rechaz\w*|(?:ver)?weiger\w*|abgelehnt|từ chối|bác bỏ|phủ nhận"
    r"|den(?:y|ies|ied)|nie(?:nt|r)?|nié|niait|dément\w*|neg(?:ó|ar|aron)|nieg\w*|desmint\w*"
    r"|desconoc\w*"
)
