"""What choosing looks at: a stand-alone clause with its lexicon, meaning and library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pinakes.agents.planning.clause import Clause
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.core.files import Inventory, MediaType

SEARCH = {kind: f"{kind.value}_search" for kind in MediaType}
ANALYSIS = {
    MediaType.IMAGE: "visual_analysis",
    MediaType.DOCUMENT: "document_analysis",
    MediaType.LINK: "link_analysis",
    MediaType.VIDEO: "video_analysis",
}
STRONG_NOUNS = ("kind.image", "kind.document", "kind.link", "kind.video", "kind.folder")
LIBRARY_NOUNS = (*STRONG_NOUNS, "kind.generic")
LOOKED_AT = frozenset({MediaType.IMAGE, MediaType.VIDEO})
AGENT_SHARE = 0.45


@dataclass(frozen=True)
class View:
    """A stand-alone clause with everything that choosing looks at; `pointed` says its words are partly the topic's,
    `worked` that it is work on what was found before."""

    text: str
    clause: Clause
    lexicon: Lexicon
    shares: Mapping[str, float]
    inventory: Inventory
    kinds: tuple[MediaType, ...]
    kinds_by_name: tuple[MediaType, ...] = ()
    pointed: bool = False
    worked: bool = False

    @property
    def plain(self) -> str:
        """The stand-alone text in lower case."""
        return self.text.lower()

    @property
    def own(self) -> str:
        """What the clause itself says, without what it took from the topic."""
        return self.clause.plain if self.pointed else self.plain

    def has(self, key: str) -> bool:
        """Return whether the stand-alone text holds one of the key's words."""
        return self.lexicon.has(key, self.plain)

    def share(self, agent: str) -> float:
        """Return how likely an agent is by meaning alone."""
        return self.shares.get(agent, 0.0)

    def lacks(self, kind: MediaType) -> bool:
        """Return whether the library is known to hold nothing of a kind."""
        return bool(self.inventory.counts) and not self.inventory.counts.get(kind.value)
