"""Words that carry no content in a question: articles, pronouns, auxiliaries, question words.

They are left out of queries only; the index keeps every word, so a list may grow without a rebuild.
Lower case, with accents, elisions already cut.
"""

_FRENCH = """
a à ai ait alors as au aucun aucune aura aurait aussi autre autres aux avaient avais avait avant
avec avez avoir avons ayant c ce ceci cela celle celles celui ces cet cette ceux chaque chez ci
combien comme comment d dans de depuis dernier dernière derniers dernières des dit donc dont du
durant elle elles en encore entre es est et étaient étais était étant été êtes être eu eux fait
faire fut furent ici il ils j je l la là laquelle le lequel les lesquelles lesquels leur leurs
lors lui ma mais me même mes moi moins mon ne ni nos notre nous on ont ou où par parce pas passé
passée pendant peu peut plus pour pourquoi pourrait qu quand que quel quelle quelles quels quelqu
qui quoi s sa sans se selon sera serait ses si soit son sont sous suis sur t ta te tes toi ton
tous tout toute toutes très tu un une va vers vos votre vous y eut eurent passe passer
"""

_ENGLISH = """
a about after all also am an and any are as at be because been before being between both but by
can could d did do does doing done during each else ever few for from further get had happen
happened happens has have having he her here hers him his how i if in into is it its itself just
last ll many may me might more most much must my no nor not now of off on once one only or other
our out over own s same shall she should since so some such t tell than that the their them then
there these they this those through to too under until up upon us ve very was we were what when
where which while who whom whose why will with would you your
"""

_VIETNAMESE = """
ai bao bị bởi các cái cho có của cùng cũng chuyện chưa đã đang đâu đây để đến đều điều đó do được
gì hay khi không là lại lên lúc mà mấy một nào nên nếu ngày năm này nhiêu như những nhưng nơi ở
phải qua ra rằng rất rồi sao sau sẽ sự tại thế thì theo thì tháng trên trong trước từ tới và vào
vẫn về vì việc với vậy xảy
"""

_GERMAN = """
aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dem den denn der des
die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er
es für gab geben gegen geschah gibt hat hatte hatten habe haben hier ich ihm ihn ihr ihre im in
ist ja jede kann kein keine konnte man mehr mit nach nicht noch nun nur ob oder passierte seine
sein sehr seit sich sie sind so über um und uns unter vom von vor war waren warum was wann welche
welchem welchen welcher welches wem wen wenn wer werden wessen wie wieso wieviel wird wo wohin
worden wurde wurden zu zum zur
"""

_SPANISH = """
a al algo ante antes aquel aquella como cómo con contra cual cuál cuales cuáles cuando cuándo
cuanta cuánta cuantas cuántas cuanto cuánto cuantos cuántos de del desde donde dónde durante e el
él ella ellas ellos en entre era eran es esa ese eso esta está están estar este esto estos fue
fueron ha haber había han hasta hay la las le les lo los más me mi mientras muy ni no nos o
ocurrió otra otro para pasó pero por porque qué que quien quién quienes quiénes se sea según ser
si sí sin sobre son su sucedió sus también tiene tras tu un una uno unos y ya yo
"""

STOP_WORDS = {
    "fr": frozenset(_FRENCH.split()),
    "en": frozenset(_ENGLISH.split()),
    "vi": frozenset(_VIETNAMESE.split()),
    "de": frozenset(_GERMAN.split()),
    "es": frozenset(_SPANISH.split()),
}
