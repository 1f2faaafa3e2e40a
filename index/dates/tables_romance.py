"""The words of French and Spanish that CLDR does not have, by kind; "=" gives the value."""

FRENCH = {
    "month": "fev=2, aout=8",
    "proper": "jan=1, fev=2, juill=7, sep=9",
    "verb": "sept=9/7",
    "first": "premier=1, 1ere=1",
    "ordinal": "premiere=1, premiers=1, premieres=1, deuxieme=2, second=2, seconde=2, "
    "troisieme=3, quatrieme=4",
    "count": "un=1, une=1, deux=2, trois=3, quatre=4, cinq=5, six=6, huit=8, neuf=9, dix=10, "
    "onze=11, douze=12, quinze=15, vingt=20, trente=30, quarante=40, cinquante=50",
    "season": "printemps=3, ete=6, automne=9, hiver=12",
    "after": "dernier=-1, derniere=-1, derniers=-1, dernieres=-1, passe=-1, passee=-1, "
    "ecoule=-1, ecoulee=-1, prochain=1, prochaine=1",
    "this": "ce, cet, cette",
    "that": "ci",
    "each": "chaque, tous les, toutes les",
    "regular": "sur deux, sur trois, sur quatre, par mois, par semaine",
    "part": "debut, fin, mi, milieu, debut des, fin des, milieu des",
    "offset": "hier=-1, avant-hier=-2, aujourd'hui=0, demain=1, apres-demain=2, ce matin=0, "
    "ce midi=0, cet apres-midi=0, ce soir=0",
    "same": "meme jour, jour meme",
    "ago": "il y a, voici, voila",
    "ahead": "dans",
    "to": "au, à, jusqu'au, jusqu'à, aux",
    "and": "et, ou",
    "between": "entre",
    "of_the": "du",
    "of": "de, d'",
    "the": "le, la, les, l'",
    "in": "en, depuis, dès, courant, d'ici, d'ici à, jusqu'en, d'ici le",
    "on": "avant, apres, pour, vers, horizon, sur",
    "day_noun": "jour, jours",
    "week_noun": "semaine, semaines",
    "weekend_noun": "week-end, weekend",
    "month_noun": "mois",
    "year_noun": "an, ans, annee",
    "quarter_noun": "trimestre=3, semestre=6, moitie=6",
    "street": "rue, avenue, boulevard, place, square, quai, cours, allee, impasse, esplanade",
    "decade_noun": "annees, decennie",
    "tens": "annees vingt=1920, annees trente=1930, annees quarante=1940, annees "
    "cinquante=1950, annees soixante=1960, annees soixante-dix=1970, annees quatre- "
    "vingt=1980, annees quatre-vingts=1980, annees quatre-vingt-dix=1990",
    "event": "exercice, saison, millesime, pre, post, expo, sommet, edition, jo, jeux, "
    "olympiques, mondial, mondiaux, euro, budget, rapport, rentree, agenda, vision, "
    "horizon, election, elections, championnat, championnats, festival, forum, "
    "tournoi, cop, recolte, campagne, plan, presidentielle, legislatives, "
    "municipales, europeennes, paris, tokyo, londres, salon",
    "label": "resolution, formulaire, norme, n, no, numero, page, pages, p, article, "
    "articles, art, chapitre, version, vol, tome, compte, comptait, vend, vendu, "
    "pese, coute, coutait, vaut, valait, mesure, atteint, totalise, denombre, "
    "recense, roman, film, modele, boeing, airbus, windows, office, pin, altitude, "
    "porte, ligne, chambre, salle, bus, route, departementale, nationale, boite, "
    "lot, reference, ref, code, poste, peugeot, tel, telephone, "
    "isbn, issn, train, tgv, alinea, amendement, amendements, matricule, parcelle, dossier, "
    "deliberation, alineas, bmw, fiat, rtx, gtx, autoroute, batiment, appartement",
    "feast": "saint, noir, gras",
    "law": "loi, decret, arrete, ordonnance, reglement, directive, circulaire, arret",
    "unit": "euros, dollars, personnes, habitants, km, kilometres, metres, m, kg, tonnes, "
    "fois, heures, mots, pages, mw, gw, hectares, ha, millions, milliards, fcfa, "
    "dongs, yens, livres, francs, points",
}

SPANISH = {
    "month": "setiembre=9",
    "proper": "sep=9, enero=1",
    "verb": "mar=3, may=5, ago=8, set=9",
    "first": "primero=1, uno=1",
    "ordinal": "primer=1, primeros=1, primera=1, segundo=2, segunda=2, tercer=3, tercero=3, "
    "cuarto=4",
    "count": "un=1, una=1, dos=2, tres=3, cuatro=4, cinco=5, seis=6, siete=7, ocho=8, "
    "nueve=9, diez=10, once=11, doce=12, quince=15, veinte=20, treinta=30",
    "season": "primavera=3, verano=6, otono=9, invierno=12",
    "around": "pasado=-1, pasada=-1, ultimo=-1, ultimos=-1, proximo=1, proxima=1",
    "after": "anterior=-1, que viene=1",
    "this": "este, esta",
    "each": "cada, todos los, todas las",
    "regular": "alternos, al mes, por semana, de por medio",
    "part": "principio, principios, inicio, inicios, comienzo, comienzos, mediados, "
    "finales, fines, fin",
    "offset": "ayer=-1, anteayer=-2, antes de ayer=-2, hoy=0, pasado manana=2, "
    "manana=1, anoche=-1, esta manana=0, esta tarde=0, esta noche=0",
    "same": "mismo dia",
    "mark": "hoy en dia, dia de hoy, una manana, cada manana, media manana, toda manana",
    "ago": "hace",
    "ahead": "dentro de",
    "to": "al, a",
    "till": "hasta",
    "and": "y, e, o",
    "between": "entre",
    "from": "desde",
    "of_the": "del",
    "of": "de",
    "the": "el, la, los, las",
    "in": "en, desde, durante, mes de",
    "on": "antes, tras, para, hacia, por",
    "day_noun": "dia, dias",
    "week_noun": "semana, semanas",
    "weekend_noun": "fin de semana",
    "month_noun": "mes, meses",
    "year_noun": "ano, anos",
    "quarter_noun": "trimestre=3, semestre=6, mitad=6",
    "street": "calle, avenida, plaza, paseo, bulevar",
    "decade_noun": "decada, decada de los",
    "tens": "anos veinte=1920, anos treinta=1930, anos cuarenta=1940, anos cincuenta=1950, "
    "anos sesenta=1960, anos setenta=1970, anos ochenta=1980, anos noventa=1990, "
    "decada de los veinte=1920, decada de los treinta=1930, decada de los cuarenta=1940, "
    "decada de los cincuenta=1950, decada de los sesenta=1960, decada de los setenta=1970, "
    "decada de los ochenta=1980, decada de los noventa=1990",
    "event": "temporada, ejercicio, expo, cumbre, edicion, juegos, mundial, eurocopa, "
    "informe, agenda, elecciones, presupuesto, festival, foro, campeonato",
    "label": "resolucion, formulario, norma, n, no, num, numero, pagina, paginas, p, "
    "articulo, art, capitulo, version, linea, cuenta, vende, pesa, cuesta, vale, "
    "mide, alcanza, suma, novela, modelo, boeing, airbus, windows, office, vuelo, "
    "puerta, codigo, altitud, habitacion, sala, autobus, ruta, isbn, peugeot, "
    "enmienda, enmiendas, expediente, matricula, tren, bmw, fiat, rtx, gtx, carretera, autopista, "
    "autovia, edificio, piso, apartado, buzon",
    "law": "ley, decreto, orden, ordenanza, reglamento, directiva, sentencia, circular",
    "unit": "euros, dolares, personas, habitantes, km, kilometros, metros, m, kg, "
    "toneladas, veces, horas, paginas, hectareas, millones, pesos, puntos",
}
