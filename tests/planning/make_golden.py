"""Write the prompt and the schema of the model planner anew: python -m tests.planning.make_golden."""

from __future__ import annotations

from tests.planning.golden_plan import GOLDEN, prompt_shown, schema_shown

if __name__ == "__main__":
    (GOLDEN / "plan_prompt.txt").write_text(prompt_shown(), encoding="utf-8")
    (GOLDEN / "plan_schema.json").write_text(schema_shown(), encoding="utf-8")
