"""The words of English and German that CLDR does not have, by kind; "=" gives the value."""

ENGLISH = {
    "proper": "sept=9",
    "verb": "mar=3",
    "first": "first=1",
    "ordinal": "second=2, third=3, fourth=4",
    "count": "a=1, an=1, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, "
    "nine=9, ten=10, eleven=11, twelve=12, fifteen=15, twenty=20, thirty=30",
    "season": "spring=3, summer=6, autumn=9, fall=9, winter=12",
    "before": "last=-1, past=-1, next=1, coming=1",
    "this": "this",
    "each": "every, each, every other",
    "regular": "weekly, fortnightly, monthly",
    "part": "early, late, mid, beginning, start, end, middle",
    "offset": "yesterday=-1, day before yesterday=-2, today=0, tomorrow=1, day after tomorrow=2, "
    "this morning=0, this afternoon=0, this evening=0, tonight=0, last night=-1",
    "word": "usa today, india today, russia today, psychology today, today programme, "
    "today program",
    "same": "same day",
    "back": "ago, earlier",
    "hence": "from now",
    "to": "to",
    "till": "until, till, through",
    "and": "and, or",
    "between": "between",
    "from": "from",
    "of": "of",
    "the": "the",
    "in": "in, since, during, month of, throughout",
    "on": "by, before, after, for, on, around, about",
    "day_noun": "day, days",
    "week_noun": "week, weeks",
    "weekend_noun": "weekend",
    "month_noun": "month, months",
    "year_noun": "year, years",
    "quarter_noun": "quarter=3, half=6",
    "decade_noun": "decade",
    "tens": "nineties=90, eighties=80, seventies=70, sixties=60, fifties=50",
    "event": "fy, season, pre, post, expo, summit, olympics, cup, games, budget, election, "
    "elections, edition, report, agenda, vision, copyright, conference, forum",
    "label": "resolution, form, standard, no, number, page, pages, p, article, chapter, "
    "version, vol, volume, line, room, bus, sold, sells, costs, cost, weighs, "
    "worth, reached, model, novel, boeing, airbus, pin, gate, route, highway, "
    "flight, train, lot, code, isbn, windows, office, peugeot, "
    "area, section, amendment, bmw, fiat, rtx, gtx, suite, apartment, box, building, road, "
    "motorway, interstate, unit",
    "feast": "black, good, super, ash",
    "law": "law, regulation, directive, decree, order, act",
    "unit": "euros, dollars, people, inhabitants, km, kilometres, kilometers, miles, "
    "metres, meters, m, kg, tonnes, tons, times, hours, pages, hectares, acres, "
    "million, billion, pounds, men, women, children, points, words, troops, jobs",
}

GERMAN = {
    "month": "maerz=3, jaenner=1, janner=1, feber=2",
    "proper": "sep=9, jan=1, feb=2, mar=3, apr=4, aug=8, okt=10, nov=11, dez=12",
    "weekday": "sonnabend=5",
    "first": "ersten=1, erster=1, erste=1",
    "ordinal": "erstes=1, zweites=2, zweiten=2, zweite=2, dritten=3, drittes=3, dritte=3, "
    "vierten=4, viertes=4, vierte=4",
    "count": "ein=1, eine=1, einem=1, einer=1, zwei=2, drei=3, vier=4, funf=5, sechs=6, "
    "sieben=7, acht=8, neun=9, zehn=10, elf=11, zwolf=12, zwanzig=20, dreissig=30, "
    "dreißig=30",
    "season": "fruhling=3, fruhjahr=3, sommer=6, herbst=9, winter=12",
    "before": "letzten=-1, letzter=-1, letzte=-1, letztes=-1, letztem=-1, vergangenen=-1, "
    "vergangener=-1, vergangene=-1, vergangenes=-1, vergangenem=-1, vorigen=-1, voriger=-1, "
    "vorige=-1, voriges=-1, vorigem=-1, nachsten=1, nachster=1, nachste=1, nachstes=1, "
    "nachstem=1, kommenden=1, kommender=1, kommende=1, kommendes=1, kommendem=1",
    "this": "diesen, diese, dieses, diesem, dieser",
    "each": "jeden, jeder, jede, jedes, jedem, aller, alle",
    "regular": "im monat, pro monat, pro woche, wöchentlich",
    "part": "anfang, ende, mitte",
    "offset": "gestern=-1, vorgestern=-2, heute=0, ubermorgen=2, morgen=1",
    "word": "heute-journal, heute journal, heute-show, heute show",
    "same": "selben tag, gleichen tag, demselben tag",
    "ago": "vor",
    "to": "bis, bis zum, zum",
    "and": "und, oder",
    "between": "zwischen, zwischen dem",
    "from": "vom, von, ab",
    "onto": "auf",
    "of": "des, der",
    "the": "den, dem, der, die, das",
    "in": "im, in, seit, am",
    "on": "für, nach, um, gegen",
    "day_noun": "tag, tage, tagen",
    "week_noun": "woche, wochen",
    "weekend_noun": "wochenende",
    "month_noun": "monat, monate, monaten, monats",
    "year_noun": "jahr, jahre, jahren, jahres",
    "quarter_noun": "quartal=3, quartals=3, halbjahr=6, halbjahres=6, jahreshalfte=6, halfte=6",
    "street": "straße, platz, allee",
    "tens": "neunziger=1990, achtziger=1980, siebziger=1970, sechziger=1960, funfziger=1950",
    "event": "saison, expo, gipfel, weltmeisterschaft, wm, em, spiele, wahl, wahlen, "
    "haushalt, bericht, agenda, olympia, forum",
    "label": "resolution, formular, norm, nr, nummer, seite, seiten, s, artikel, art, "
    "kapitel, version, band, zeile, zimmer, kostet, wiegt, zahlt, misst, roman, "
    "modell, boeing, airbus, windows, office, flug, code, bus, linie, isbn, peugeot, "
    "paragraf, paragraph, drucksache, aktenzeichen, zug, ice, bmw, fiat, rtx, gtx, "
    "landstraße, bundesstraße, kreisstraße, hausnummer, postfach, autobahn",
    "law": "gesetz, verordnung, richtlinie, beschluss, erlass",
    "unit": "euro, dollar, menschen, personen, einwohner, km, kilometer, meter, m, kg, "
    "tonnen, mal, stunden, hektar, millionen, milliarden, punkte, franken, mann",
}
