"""Small talk, what Pinakes can do, what is in the library, and requests that no library can answer."""

from __future__ import annotations

import re

from pinakes.agents.analysis.figures import counted
from pinakes.agents.cards import CARDS
from pinakes.agents.citing import result
from pinakes.agents.planning.decisions import is_decision
from pinakes.agents.queries.found import pattern
from pinakes.agents.spec import AgentContext
from pinakes.core.files import FileFilter, Inventory, MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult, Task
from pinakes.tools.scope import ids_of, open_files

_GREETING = pattern(
    r"hi|hello|hey|hiya|howdy|greetings|good\s+(?:morning|afternoon|evening|day)|moin|hallo|servus|guten\s+\w+|bonjour|hola"
)
_THANKS = pattern(r"thanks?|thank\s+you|thx|cheers|much\s+appreciated|danke\w*|merci|gracias")
_BYE = pattern(r"bye|goodbye|good\s+night|see\s+you|so\s+long|farewell|tschüss|auf\s+wiedersehen|ciao")
_WELL = pattern(
    r"how\s+(?:are|is)\s+(?:you|it\s+going|things)|how\s+do\s+you\s+do|what'?s\s+up|wie\s+geht'?s?"
)
_WHO = pattern(
    r"who\s+(?:are|made|built|created|wrote)\s+you|what\s+are\s+you|your\s+name|are\s+you\s+(?:a|an|real|human)\b.*|wer\s+bist\s+du"
)
_ABLE = pattern(
    r"what\s+(?:else\s+)?(?:can|could|do)\s+you\s+(?:do|help|know|offer)|(?:can|could)\s+you\s+help(?:\s+me)?|how\s+do(?:es)?\s+(?:this|you|it)\s+work|help(?:\s+me)?"
    r"|what\s+(?:questions\s+)?(?:can|may|should)\s+i\s+ask|your\s+(?:abilities|capabilities|features|skills)|was\s+kannst\s+du"
)
_HOLDS = pattern(
    r"(?:what(?:'s|\s+is|\s+do\s+(?:we|i|you)\s+have)|what\s+kind\s+of\s+\w+\s+(?:is|are))\s*(?:\w+\s+){0,3}?(?:in|inside)?\s*"
    r"(?:my|the|this|our|your)?\s*(?:library|collection|archive)|tell\s+me\s+about\s+(?:my|the|this|our)\s+(?:library|collection)"
)
_PRAISE = pattern(
    r"(?:you(?:'re|\s+are)\s+)?(?:great|awesome|amazing|wonderful|brilliant|the\s+best)|well\s+done|good\s+(?:job|work)|nice\s+work|perfect|super"
)
_ASSENT = re.compile(
    r"^\W*(?:yes|no|ok(?:ay)?|sure|fine|ja|nein|please|alright|got\s+it|i\s+see)\b[\w\s,']{0,30}\W*$",
    re.IGNORECASE,
)
_MERE = re.compile(r"^\W*(?:ok(?:ay)?|sure|fine|no\s+thanks|alright)\b[\w\s,']{0,30}\W*$", re.IGNORECASE)
_BLIND = (
    "This build has no vision model: it knows pictures by their text, captions, dates, places and measured looks, "
    "not by what they show."
)
_LOOKS = (
    "This build has no vision model: it finds pictures by what they look like, by their text, captions, dates, places "
    "and measured looks, but cannot tell what they show."
)
_SEES = "It has a vision model, which looks at pictures when what they show is asked for."
_ABILITIES = {
    "image_search": "find pictures by their text, captions, dates, places, cameras and looks",
    "document_search": "find the passages in your documents that answer a question, with page and place",
    "visual_analysis": "read text in pictures, tell which are blurred, dark or near-duplicates, and compare them",
    "document_analysis": "summarise, compare and extract from documents",
    "analytics": "count, total and list files by kind, date, folder, camera or size",
    "link_search": "search saved web pages",
    "video_search": "find moments in videos",
    "link_analysis": "analyse saved web pages",
    "video_analysis": "analyse videos",
    "cross_reference": "check pictures and documents against each other",
    "folder_management": "propose changes to the library, for you to approve",
    "report_synthesis": "write reports",
}


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Answer small talk in a sentence or two."""
    inventory = await ctx.library.catalog.inventory()
    holds = await _holdings(ctx, task.options, inventory)
    eyes = _SEES if ctx.models.vision else _LOOKS if ctx.library.looks else _BLIND
    return result(task, text=_reply(task.step.intent, holds, eyes))


def _reply(said: str, holds: str, eyes: str) -> str:
    if _HOLDS.search(said):
        return holds
    if _ABLE.search(said) or _WHO.search(said):
        about = "I am Pinakes: I answer questions about your own library, and every claim shows its source."
        return f"{about} {_abilities()} {holds} {eyes}"
    if _WELL.search(said):
        return f"All is well, thank you. {holds} What would you like to know?"
    if _THANKS.search(said):
        return "You are welcome."
    if _BYE.search(said):
        return "Goodbye. The library will be here when you come back."
    if _GREETING.search(said):
        return f"Hello. {holds} Ask me anything about it."
    if _PRAISE.search(said):
        return "Thank you. Is there anything else you would like to know?"
    if is_decision(said) and not _MERE.match(said):
        return "Nothing is waiting for your decision. What would you like to know about your library?"
    if _ASSENT.match(said):
        return "All right. What would you like to know about your library?"
    return (
        "That is outside what I can do: I answer from the files in your library alone. "
        f"I can {_ABILITIES['document_search']}, or {_ABILITIES['analytics']}."
    )


def _abilities() -> str:
    able = [_ABILITIES[card.name] for card in CARDS if card.available and card.name in _ABILITIES]
    return f"I can {'; '.join(able)}."


async def _holdings(ctx: AgentContext, options: TurnOptions, inventory: Inventory) -> str:
    """Return in one sentence what this turn may see of the library."""
    counts = await _counts(ctx, options, inventory)
    nouns = {"image": "picture", "document": "document", "link": "link", "video": "video"}
    parts = [counted(counts[kind], nouns[kind]) for kind in nouns if counts.get(kind)]
    if not parts:
        return "The library is empty so far: add files with “pinakes add”."
    there = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    whole = counts == inventory.counts
    placed = f", in {counted(len(inventory.folders), 'folder')}" if whole and inventory.folders else ""
    failed = f" {counted(inventory.failed, 'file')} could not be read." if inventory.failed else ""
    verb = "holds" if whole else "shows in this conversation"
    return f"The library {verb} {there}{placed}.{failed}"


async def _counts(ctx: AgentContext, options: TurnOptions, inventory: Inventory) -> dict[str, int]:
    scope = await open_files(ctx.library, options)
    if scope == FileFilter():
        return dict(inventory.counts)
    counts = {}
    for kind in MediaType:
        visible = await ids_of(ctx.library, scope.model_copy(update={"media_types": (kind,)}))
        counts[str(kind.value)] = len(visible)
    return {kind: count for kind, count in counts.items() if count}
