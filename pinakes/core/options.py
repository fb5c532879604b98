"""What a caller may set for one turn."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from pinakes.core.value import Value

MAX_MESSAGE = 10_000


class Approval(StrEnum):
    """What a human is asked before."""

    CHANGES = "changes"
    PLAN = "plan"
    NEVER = "never"


class Budget(Value):
    """Limits of one turn; None means no limit."""

    max_calls: int | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, ge=0)
    max_seconds: float | None = Field(default=None, gt=0)


class TurnOptions(Value):
    """Per-turn options, the graph's context: JSON-able, frozen into the state when the turn starts.

    Attributes:
        use_all_images: False limits pictures to `image_ids`, also when that is empty.
        image_ids, document_ids, video_ids: Selections; document and video ids limit only when not empty.
        folder_paths: Limits everything to these folders and their subfolders when not empty ("indexes").
        read_only: No step may propose changes; one that would ends as not allowed.
        budget, session_budget: Limits of this turn, and of all turns of its session together.
        save_report: A report that is written is to be saved, too, without a word of that in the request.
        max_words: Length the answer should keep to; None lets the writer choose (about 120).
    """

    use_all_images: bool = True
    image_ids: tuple[str, ...] = Field(default=(), max_length=1000)
    document_ids: tuple[str, ...] = Field(default=(), max_length=100)
    video_ids: tuple[str, ...] = Field(default=(), max_length=100)
    folder_paths: tuple[str, ...] = ()
    domain: str = "general"
    approval: Approval = Approval.CHANGES
    read_only: bool = False
    detailed_analysis: bool = False
    debug_reasoning: bool = False
    save_report: bool = False
    max_words: int | None = Field(default=None, ge=10)
    budget: Budget = Budget()
    session_budget: Budget = Budget()
