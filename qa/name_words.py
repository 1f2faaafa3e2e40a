"""Words that tell whether a name is somebody's or a place's. Data of `qa/names.py`."""

# in front of a place; "to" and "from" stand before people as well
PLACE_PREPOSITIONS = {
    "fr": r"à|au|aux|en",
    "en": r"in|at|in the",
    "vi": r"ở|tại",
    "de": r"in",
    "es": r"en",
}

# of these, what stands in front of people too: "remis à Anne Roux"
ALSO_BEFORE_PEOPLE = ("à", "a")

# in front of somebody's name
HONORIFICS = {
    "fr": r"M\.|MM\.|Mme|Mlle|Me|Dr|Pr",
    "en": r"Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Sir|Lord",
    "vi": r"ông|bà|anh|chị",
    "de": r"Herrn?|Frau|Dr\.",
    "es": r"señora?|don|doña|Sr\.|Sra\.",
}

# capitals that stand before no name of their own: what they open goes on in lower case
OPENS_NO_NAME = {
    "fr": """agence alliance assemblée association banque comité commission communauté compagnie
        conférence confédération congrès conseil cour église état fédération fonds groupe haut
        haute institut ligue mer ministère office organisation palais parlement parti premier
        première radio république sénat société traité tribunal union université voix""",
    "en": """agency alliance assembly association bank board chamber commission committee company
        congress council court department federation first fund general group high house institute
        league ministry national office organisation organization parliament party prime radio
        republic senate society supreme treaty union united university world""",
    "vi": """ban bộ chính chủ công cục cục đại đài đảng điện đoàn hiệp hội hãng học khu liên luật
        ngân nghị nhà phó phủ quân quốc sân sở tập thủ tổ tổng tòa trung trường ủy uỷ văn viện""",
}

# countries whose French name ends in "e" and is masculine all the same
MASCULINE = "mexique cambodge mozambique zimbabwe belize suriname"
# and those that are many
PLURAL = r"[ÉE]tats|[ÉE]mirats|Pays|Philippines|Comores|Maldives|Seychelles|[ÎI]les|Fidji|Bahamas"
