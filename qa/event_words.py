"""What happens in the news, the words that tell it, and the questions that ask for it.

Data of `qa/facts.py`. A pattern is a regular expression of whole words in the language of the
articles. In a question {place} and {day} stand for "in Minsk" and "on 12 May 2025" with the space
before them, or for nothing; {person} for a name that must be there.
"""

from typing import NamedTuple


class Event(NamedTuple):
    """A kind of event.

    Attributes:
        tells: by language of an article, the words that tell it.
        asks: by language of a question, the question that asks for it.
    """

    tells: dict[str, str]
    asks: dict[str, str]


EVENTS = {
    "signed": Event(
        {
            "fr": r"sign(?:é|ée|és|ées|e|ent|a|èrent|ait|aient)|paraph(?:é|e|ent)\w*",
            "en": r"sign(?:ed|s|ing)",
            "vi": r"ký(?: kết)?",
        },
        {
            "fr": "Qu’est-ce qui a été signé{place}{day} ?",
            "en": "What was signed{place}{day}?",
            "vi": "Những gì đã được ký{place}{day}?",
        },
    ),
    "in force": Event(
        {
            "fr": r"entr\w+ en vigueur",
            "en": r"(?:comes?|came|coming|enter\w*|went|goes) into (?:force|effect)|takes? effect",
            "vi": r"có hiệu lực",
        },
        {
            "fr": "Qu’est-ce qui est entré en vigueur{day} ?",
            "en": "What came into force{day}?",
            "vi": "Điều gì có hiệu lực{day}?",
        },
    ),
    "opened": Event(
        {
            "fr": r"inaugur(?:é|ée|és|ées|e|ent|a|èrent)",
            "en": r"inaugurat(?:ed|es)|was opened|were opened|opened",
            "vi": r"khánh thành|khai trương",
        },
        {
            "fr": "Qu’est-ce qui a été inauguré{place}{day} ?",
            "en": "What was opened{place}{day}?",
            "vi": "Những gì đã được khánh thành{place}{day}?",
        },
    ),
    "launched": Event(
        {
            "fr": r"lanc(?:é|ée|és|ées|e|ent|a|èrent)",
            "en": r"launch(?:ed|es)",
            "vi": r"khởi động|ra mắt|phát động",
        },
        {
            "fr": "Qu’est-ce qui a été lancé{place}{day} ?",
            "en": "What was launched{place}{day}?",
            "vi": "Những gì đã được khởi động{place}{day}?",
        },
    ),
    "adopted": Event(
        {
            "fr": r"adopt(?:é|ée|és|ées|e|ent|a|èrent)",
            "en": r"adopt(?:ed|s)|passed the \w+",
            "vi": r"thông qua",
        },
        {
            "fr": "Qu’est-ce qui a été adopté{place}{day} ?",
            "en": "What was adopted{place}{day}?",
            "vi": "Những gì đã được thông qua{place}{day}?",
        },
    ),
    "elected": Event(
        {
            "fr": r"(?:ré)?élu(?:e|s|es)?",
            "en": r"(?:re-?)?elected",
            "vi": r"đắc cử|tái đắc cử|được bầu",
        },
        {
            "fr": "Qui a été élu{place}{day} ?",
            "en": "Who was elected{place}{day}?",
            "vi": "Ai đã đắc cử{place}{day}?",
        },
    ),
    "won": Event(
        {
            "fr": r"remport(?:é|ée|e|ent|a)|gagn(?:é|e|ent|a) (?:la|le|les|l['’])|vainqueurs?",
            "en": r"won|wins|winners?|beat",
            "vi": r"chiến thắng|giành|vô địch",
        },
        {
            "fr": "Qui a gagné{place}{day} ?",
            "en": "Who won{place}{day}?",
            "vi": "Ai đã chiến thắng{place}{day}?",
        },
    ),
    "arrested": Event(
        {
            "fr": r"arrêté(?:e|s|es)?|interpell(?:é|ée|és|ées)",
            "en": r"arrest(?:ed|s)|detained",
            "vi": r"bắt giữ|bị bắt",
        },
        {
            "fr": "Qui a été arrêté{place}{day} ?",
            "en": "Who was arrested{place}{day}?",
            "vi": "Ai đã bị bắt{place}{day}?",
        },
    ),
    "died": Event(
        {
            "fr": r"morte?s?|décédé(?:e|s|es)?|décès|tué(?:e|s|es)?",
            "en": r"died|dead|killed|deaths?",
            "vi": r"qua đời|thiệt mạng|tử vong",
        },
        {
            "fr": "Qui est mort{place}{day} ?",
            "en": "Who died{place}{day}?",
            "vi": "Ai đã qua đời{place}{day}?",
        },
    ),
    "met": Event(
        {
            "fr": r"rencontr(?:é|ée|és|e|ent|a|èrent|er)|reçoit|reçoivent|reçu(?:e|s)?|accueill\w+",
            "en": r"met|meets|meeting with|receiv(?:ed|es)|welcom(?:ed|es)",
            "vi": r"gặp(?: gỡ)?|tiếp|hội đàm|hội kiến|đón tiếp",
        },
        {
            "fr": "Qui a rencontré {person}{day} ?",
            "en": "Who met {person}{day}?",
            "vi": "Ai đã gặp {person}{day}?",
        },
    ),
    "announced": Event(
        {
            "fr": r"annonc(?:é|ée|és|e|ent|a|èrent)",
            "en": r"announc(?:ed|es)",
            "vi": r"công bố|tuyên bố|thông báo",
        },
        {
            "fr": "Qu’a annoncé {person}{day} ?",
            "en": "What did {person} announce{day}?",
            "vi": "{person} đã công bố điều gì{day}?",
        },
    ),
}

AT_A_PLACE = "at a place"
"""The question that needs a place."""

# what can be asked of anything that happened on a day, by what is known of it
ANY_EVENT = {
    AT_A_PLACE: Event(
        {},
        {
            "fr": "Que s’est-il passé{place}{day} ?",
            "en": "What happened{place}{day}?",
            "vi": "Chuyện gì đã xảy ra{place}{day}?",
        },
    ),
    "of a person": Event(
        {},
        {
            "fr": "Qu’a fait {person}{day} ?",
            "en": "What did {person} do{day}?",
            "vi": "{person} đã làm gì{day}?",
        },
    ),
    "of a day": Event(
        {},
        {
            "fr": "Que s’est-il passé{day} ?",
            "en": "What happened{day}?",
            "vi": "Chuyện gì đã xảy ra{day}?",
        },
    ),
}

# what follows an answer; each speaks of it as "that", so that it needs no name
WHO_IS = {"fr": "Qui est {person} ?", "en": "Who is {person}?", "vi": "{person} là ai?"}
WHERE = {
    "fr": "Où cela s’est-il passé ?",
    "en": "Where did that happen?",
    "vi": "Việc đó xảy ra ở đâu?",
}
WHEN = {
    "fr": "Quand cela s’est-il passé ?",
    "en": "When did that happen?",
    "vi": "Việc đó xảy ra khi nào?",
}
WHO = {"fr": "Qui était présent ?", "en": "Who was there?", "vi": "Ai đã tham gia việc đó?"}
AND_THEN = {"fr": "Et{day} ?", "en": "And{day}?", "vi": "Còn{day} thì sao?"}

LANGUAGES = tuple(AND_THEN)
"""The languages that questions can be written in."""
