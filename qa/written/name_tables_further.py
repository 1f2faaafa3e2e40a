"""Names that change with the language, in German and Spanish. Data of `qa/written/names.py`.

Countries, cities and languages come from Babel; here stand the adjectives of nations and what Babel
does not name, each under what `qa/written/concepts.py` calls it.
"""

# what it is called: what begins a German word; what begins a Spanish one
NATIONS = """
AE: emirat vae | emirat eau
AF: afghan | afgan
AL: alban | alban
AM: armen | armeni
AR: argentin | argentin
AT: österreich | austria
AU: austral | austral
AZ: aserbaidsch | azerbaiy
BA: bosni | bosni
BD: bangladesch | bangladesh
BE: belgi | belga belgi belgas
BG: bulgar | búlgar bulgar
BR: brasil | brasil
BY: belarus weißruss | bielorr bielorrus
CA: kanad | canad
CH: schweiz | suiz
CL: chile | chile
CN: china chines | china chino chinas chinos
CO: kolumb | colombi
CU: kuba | cuba
CZ: tschech | chec
DE: deutsch deutschland bundesrepublik | alem aleman
DK: dänemark dänisch dänen däne | dinamar dané danes
DZ: algeri | argeli argelin
EE: estland estnisch esten | estoni
EG: ägypt | egip
ES: spani | españ
ET: äthiop | etiop
EU: europäisch eu europäische_union | europe ue unión_europea comunitari
FI: finn | finland finlandes
FR: frankreich französ franzosen franzose | franci franc
GB: brit großbritannien england englisch engländer uk vereinigtes_königreich vereinigten_königreich vereinigten_königreichs | británic britani ingl inglater reino_unido gran_bretaña
GE: georgi | georgi
GR: griech | grieg greci
HK: hongkong | hong_kong
HR: kroat | croac croat
HU: ungar | hungr húngar
ID: indones | indones
IE: irland irisch iren ire | irland
IL: israel | israel
IN: indien indisch inder indiens | india indio indios indias
IQ: irak | irak iraq iraquí
IR: iran | irán iran
IS: island isländ | islandi
IT: itali | itali
JO: jordan | jordan
JP: japan | japon japón
KE: keni | keni
KG: kirgis | kirgu
KH: kambodsch khmer | camboy jemer
KP: nordkorea nordkorean | corea_del_norte norcore
KR: südkorea südkorean korea korean | corea_del_sur surcore corea corean
KW: kuwait | kuwait
KZ: kasach | kazaj
LA: laos laot | laos
LB: liban | líban liban
LT: litau | litu
LV: lettland lettisch letten | leton letonia
LY: liby | libi
MA: marok | marrue marroqu
MD: moldau moldaw | moldav
MG: madagas | madagas malgach
MK: mazedon | macedon
ML: mali malis malier | mali
MM: myanmar birma | myanmar birman
MN: mongol | mongol
MX: mexi | méxic mexic méjic
MY: malaysi | malasi
NG: nigeri | nigeri
NL: niederl holländ holland | holand neerland países_bajos
NO: norweg | norueg
NZ: neuseel | neozeland nueva_zelanda
PE: peru | perú peru
PH: philippin | filipin
PK: pakistan | pakistan pakistán
PL: polen poln pole polens | polac polon
PS: palästin | palestin
PT: portug | portug
QA: katar | catar qatar
RO: rumän | ruman rumaní
RS: serb | serb
RU: russ | rusia ruso rusa rusos rusas
SA: saudi saudisch | saudí saudi
SD: sudan | sudan sudán
SE: schwed | suec
SG: singapur | singap
SI: slowen | esloven
SK: slowak | eslov
SN: senegal | senegal
SO: somal | somal
SU: sowjet udssr | soviét sovié urss
SY: syri syrisch syrer | siria sirio sirios siria
TH: thail thai | tailand
TM: turkmen | turkmen turcoman
TN: tunes | tunez túnez tunecin
TR: türk | turqu turco turca turcos turcas
TW: taiwan | taiw
UA: ukrain | ucran ucrani
US: amerik usa us vereinigte_staaten vereinigten_staaten | americ estadounid eeuu ee.uu. estados_unidos usa
UZ: usbek | uzbek
VA: vatikan heiliger_stuhl | vatican santa_sede
VE: venezol venezuel | venez venezol
VN: vietnam | vietnam
XK: kosov | kosov
YE: jemen | yemen
ZA: südafrik | sudáfric sudafric
ZW: simbabw | zimbab zimbabu
name wales: wales walis | gales galés
name scotland: schott | escoc
name catalonia: katal | catal
name kurd: kurd | kurd
name arab: arab | árab arab
name asia: asi | asia asiátic
name africa: afrik | áfric afric
name europ: europ | europ
name europe: europ | europ
name latin: latein | latin
name america: amerik | améric americ
name north: nord nördl | norte septent
name south: süd südl | sur meridi
name east: ost östl osten | este orient
name west: west westl | oeste occident
name muslim: muslim moslem islam | musulm islam
name christian: christ | cristian
name catholic: kathol | católic
name jew: jude jüd | judí
name nazi: nazi | nazi
name bible: bibel bibl | bibli
name god: gott herrn | dios señor
name un: un uno vereinte_nationen vereinten_nationen | onu naciones_unidas
name nato: nato | otan
name who: who weltgesundheitsorganisation | oms organización_mundial_de_la_salud
name wto: wto | omc
name imf: iwf | fmi
name asean: asean | asean
name aids: aids hiv | sida vih
name dna: dns dna | adn
name us dollar: us-dollar dollar usd | dólar usd
name gulf: golf | golfo
name pacific: pazif | pacífic
name atlantic: atlanti | atlánti
name mediterranean: mittelmeer | mediterr
name washington: washington | washington
name white house: weiße_haus weißes_haus weißen_haus weißen_hauses | casa_blanca
name pentagon: pentagon | pentágono
name congress: kongress kapitol | congreso capitolio
name senate: senat | senad
name commons: unterhaus repräsentantenhaus | comunes representantes cámara
name supreme court: oberst supreme | suprem
name new york: new_york | nueva_york
name beijing: peking | pekín beijing
name moscow: moskau | moscú
name london: london | londres
name paris: paris | parís
name rome: rom römisch | roma roman
name brussels: brüssel | bruselas
name geneva: genf | ginebra
name vienna: wien | viena
name tokyo: tokio | tokio
name seoul: seoul | seúl
name hanoi: hanoi | hanói hanoi
name saigon: ho-chi-minh ho_chi_minh saigon | ho_chi_minh saigón
name california: kaliforn | californi
name florida: florid | florid
name texas: texa | texa texas
"""  # noqa: E501

# words of offices and bodies that share no root with the French or English ones
BODIES = """
body army: armee militär streitkräfte truppen | ejército fuerzas militar
body bank: bank zentralbank | banco
body black: schwarz | negr
body chancellor: kanzler bundeskanzler | canciller
body chief: chef leiter | jefe
body city: stadt | ciudad
body college: universität hochschule schule | universidad escuela colegio
body commission: kommission ausschuss komitee | comisión comité
body court: gericht gerichtshof | tribunal corte juez
body day: tag | día
body department: ministerium abteilung | departamento ministerio
body forest: wald park | bosque parque
body foreign: außen auswärtig äußeres staat | exterior exteriores estado
body government: regierung | gobierno
body great: groß | gran
body green: grün | verde
body health: gesundheit | salud sanidad
body hospital: krankenhaus klinik | hospital
body king: könig königin prinz prinzessin herzog herzogin | rey reina príncipe princesa duque duquesa
body lake: see | lago
body minister: minister | ministr
body national: national | nacional
body new: neu | nuev
body ocean: meer ozean | mar océano
body party: partei | partido
body president: präsident | president
body prime: premier premierminister | primer
body red: rot | rojo
body river: fluss | río
body road: straße | calle avenida
body saint: sankt st | san santa santo
body society: gesellschaft | sociedad
body union: union gewerkschaft | unión sindicato
body war: krieg | guerra
body white: weiß | blanc
body world: welt | mundo mundial
body year: jahr | año
"""  # noqa: E501
