"""Going on where a model's stream broke off."""

from __future__ import annotations

from pinakes.core.prompts import Prompt, Said

_GO_ON = (
    "Your answer was cut off in transmission; what you had written stands above. Continue exactly where it stopped, "
    "also in the middle of a word. Repeat nothing and say nothing of the interruption."
)
_LEAST_OVERLAP = 8


def continued(prompt: Prompt, written: str) -> Prompt:
    """Return a prompt that asks for the rest of an answer; the evidence is given again."""
    asked = next((part for part in reversed(prompt.parts) if isinstance(part, str)), "")
    history = (*prompt.history, Said(role="user", content=asked), Said(role="assistant", content=written))
    return prompt.model_copy(update={"history": history, "parts": (*prompt.parts[:-1], _GO_ON)})


class Overlap:
    """Leaves out what a continuation repeats of the text that it continues."""

    def __init__(self, written: str) -> None:
        self._written = written
        self._held = ""
        self._decided = not written

    def without(self, piece: str) -> str:
        """Return what of a piece is new; nothing while it may still be a repetition."""
        if self._decided:
            return piece
        self._held += piece
        if self._held in self._written:
            return ""
        return self.rest()

    def rest(self) -> str:
        """Return what was held back, without the repetition."""
        self._decided = True
        held, self._held = self._held, ""
        for length in range(min(len(held), len(self._written)), _LEAST_OVERLAP - 1, -1):
            if self._written.endswith(held[:length]):
                return held[length:]
        return held
