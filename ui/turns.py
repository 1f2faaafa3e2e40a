"""A turn of the conversation as HTML: question, chips, answer, what can be done next."""

import json
from html import escape

from ui.answer import answer_html
from ui.chips import chips, spell_period
from ui.kept import Kept
from ui.language import Words
from ui.records import Restored

_NAMES = {
    "sources": "filters.source",
    "languages": "filters.language",
    "words": "filters.words",
}


def turn_html(kept: Kept, restored: Restored | None, words: Words) -> str:
    """Return the inside of a turn.

    Args:
        kept: its record.
        restored: the answer made from it; None when there is none to show.
        words: the page's words.
    """
    return (
        f'<h3 class="question" id="question-{kept.id}" tabindex="-1" dir="auto">'
        f"{escape(kept.question.text)}</h3>"
        f"{chips(kept.question, kept.filters, words)}"
        f'<div class="answer">{_answer(kept, restored, words)}</div>'
        f"{_emptied(kept, words)}{_actions(kept, words)}{_follow_ups(kept, words)}"
    )


def _answer(kept: Kept, restored: Restored | None, words: Words) -> str:
    """Return the answer, or the sentence that tells why there is none."""
    if kept.trouble or restored is None:
        return f'<p class="trouble">{escape(words.for_key(kept.trouble))}</p>'
    answer, changed = restored.answer, restored.changed
    cited = {citation.number for citation in answer.citations} | set(changed)
    notice = ""
    if changed:
        notice = f'<p class="changed">{escape(words("answer.changes", count=len(changed)))}</p>'
    return notice + answer_html(answer.text, kept.id, words, cited=cited, changed=changed)


def _emptied(kept: Kept, words: Words) -> str:
    """Return the offer to drop the filters that left nothing, where they did."""
    named = [name for name in kept.emptied_by if _spell_filter(name, kept, words)]
    if not named:
        return ""
    spelled = ", ".join(dict.fromkeys(_spell_filter(name, kept, words) for name in named))
    only = escape(json.dumps({"names": named}))
    offers = [_offer(only, words("filters.drop", filters=spelled))]
    if len(_given(kept)) > len(named):
        offers.append(_offer(escape(json.dumps({"filter": "all"})), words("filters.drop-all")))
    return (
        f'<div class="emptied" role="group" aria-label="{escape(words("filters.emptied"))}">'
        f"{''.join(offers)}</div>"
    )


def _given(kept: Kept) -> list[str]:
    """Name the filters of a turn that are set."""
    names = ("after", "before", "sources", "languages", "words")
    return [name for name in names if getattr(kept.filters, name)]


def _spell_filter(name: str, kept: Kept, words: Words) -> str:
    """Write one filter in words; nothing when it is not set."""
    if name not in _given(kept):
        return ""
    if name in ("after", "before"):
        return spell_period(kept.filters, words)
    return words(_NAMES[name])


def _offer(drop: str, label: str) -> str:
    """Return a button that asks again without some filters."""
    return f'<button type="button" class="offer" data-drop="{drop}">{escape(label)}</button>'


def _actions(kept: Kept, words: Words) -> str:
    """Return what can be done with a turn; the slot is for what rates it."""
    again, sources = escape(words("log.again")), escape(words("log.sources"))
    shown = ""
    if not kept.trouble:
        shown = f'<button type="button" class="act" data-act="sources">{sources}</button>'
    return (
        f'<div class="actions"><button type="button" class="act" data-act="again">{again}</button>'
        f'{shown}<span class="feedback-slot"></span></div>'
    )


def _follow_ups(kept: Kept, words: Words) -> str:
    """Return the questions that may come next."""
    # filters that leave nothing would leave nothing for them either
    if not kept.follow_ups or kept.emptied_by:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="follow-up" dir="auto">{escape(question)}</button></li>'
        for question in kept.follow_ups
    )
    return f'<ul class="follow-ups" aria-label="{escape(words("log.follow-ups"))}">{buttons}</ul>'
