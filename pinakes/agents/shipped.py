"""The agents that come with Pinakes: every card, and what this build can do."""

from __future__ import annotations

from pinakes.agents import (
    analytics,
    chat,
    cross_reference,
    document_analysis,
    document_search,
    folder_management,
    image_search,
    link_analysis,
    link_search,
    report_synthesis,
    video_analysis,
    video_search,
    visual_analysis,
)
from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentSpec, Run

_RUN: dict[str, Run] = {
    "image_search": image_search.run,
    "document_search": document_search.run,
    "link_search": link_search.run,
    "link_analysis": link_analysis.run,
    "video_search": video_search.run,
    "video_analysis": video_analysis.run,
    "visual_analysis": visual_analysis.run,
    "document_analysis": document_analysis.run,
    "analytics": analytics.run,
    "cross_reference": cross_reference.run,
    "folder_management": folder_management.run,
    "report_synthesis": report_synthesis.run,
    "chat": chat.run,
}

SHIPPED: tuple[AgentSpec, ...] = tuple(
    AgentSpec(card.model_copy(update={"available": card.name in _RUN}), _RUN.get(card.name)) for card in CARDS
)
