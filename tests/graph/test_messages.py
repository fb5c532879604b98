"""The conversation's reducer, against LangGraph's own on random histories."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, RemoveMessage
from langgraph.graph.message import REMOVE_ALL_MESSAGES, add_messages

from pinakes.core.errors import ValidationError
from pinakes.graph.messages import earlier_questions, merge_messages, question_of, turn_id_of

IDS = [f"m{n}" for n in range(6)]
TEXTS = st.text("ab", max_size=3)
KNOWN = st.one_of(
    st.tuples(TEXTS, st.sampled_from(IDS)).map(lambda made: HumanMessage(made[0], id=made[1])),
    st.tuples(TEXTS, st.sampled_from(IDS)).map(lambda made: AIMessage(made[0], id=made[1])),
    st.sampled_from([*IDS, REMOVE_ALL_MESSAGES]).map(RemoveMessage),
)
ANY = st.one_of(KNOWN, TEXTS.map(HumanMessage), st.tuples(st.just("user"), TEXTS))
WRITES = st.lists(st.one_of(ANY, st.lists(ANY, max_size=4)), max_size=8)


def by_langgraph(writes: list[Any]) -> list[Any]:
    state: list[Any] = []
    for write in writes:
        missing = isinstance(write, RemoveMessage) and write.id not in {m.id for m in state}
        if not missing or write.id == REMOVE_ALL_MESSAGES:
            state = add_messages(state, [write])
    return state


@settings(max_examples=300, deadline=None)
@given(st.lists(KNOWN, max_size=12))
def test_it_does_what_add_messages_does(writes):
    assert merge_messages([], writes) == by_langgraph(writes)


@settings(max_examples=300, deadline=None)
@given(WRITES, st.data())
def test_grouping_does_not_matter(writes, data):
    cut = data.draw(st.integers(0, len(writes)))
    whole = merge_messages([], writes)
    assert merge_messages(merge_messages([], writes[:cut]), writes[cut:]) == whole
    step_by_step: list[Any] = []
    for write in writes:
        step_by_step = merge_messages(step_by_step, [write])
    assert step_by_step == whole


@settings(max_examples=200, deadline=None)
@given(WRITES)
def test_ids_are_there_and_are_unique_and_inputs_stay_untouched(writes):
    before = [getattr(write, "id", None) for write in writes]
    merged = merge_messages([], writes)
    ids = [message.id for message in merged]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    assert [getattr(write, "id", None) for write in writes] == before


def test_equal_messages_without_ids_stay_two():
    merged = merge_messages([], [("user", "again"), ("user", "again")])
    assert [message.text for message in merged] == ["again", "again"]


def test_an_equal_message_is_kept_after_an_earlier_one_was_removed():
    merged = merge_messages([], [HumanMessage("a", id="1"), ("user", "b")])
    merged = merge_messages(merged, [RemoveMessage("1"), ("user", "b")])
    assert [message.text for message in merged] == ["b", "b"]


def test_chunks_become_messages():
    merged = merge_messages([], [AIMessageChunk(content="Hi", id="x")])
    assert type(merged[0]) is AIMessage


def test_the_question_is_read_from_content_blocks():
    blocks = [{"type": "text", "text": "What is "}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    message = HumanMessage([*blocks, {"type": "text", "text": "this?"}], id="q")
    assert question_of([message, AIMessage("so")]) == "What is this?"
    assert turn_id_of([message]) == "q"


def test_earlier_questions_are_the_users_alone():
    talk = [
        HumanMessage("one"),
        AIMessage("1"),
        HumanMessage("two"),
        AIMessage("2"),
        HumanMessage("three", id="q"),
    ]
    assert earlier_questions(talk, "q") == ("one", "two")


@pytest.mark.parametrize(
    "messages", [[], [AIMessage("hi")], [HumanMessage(" \n")], [HumanMessage("x" * 10_001)]]
)
def test_no_question_is_a_typed_error(messages):
    with pytest.raises(ValidationError):
        question_of(messages)


def test_ten_thousand_characters_are_allowed():
    assert len(question_of([HumanMessage("x" * 10_000)])) == 10_000
