"""`client.chats`: sessions, messages, answers and streams, with the hosted SDK's names."""

from __future__ import annotations

import asyncio
import inspect
import json
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage
from turn_stage import WORDS, open_stage, until

from pinakes.client.chat_session import ChatSessionContext
from pinakes.client.chats import ChatResource
from pinakes.core.chat import ChatTokenType, MessageRole, TurnStatus
from pinakes.core.errors import (
    ChatError,
    ModelError,
    ResourceNotFoundError,
    SessionBusyError,
    TurnCancelledError,
    ValidationError,
)
from pinakes.core.options import TurnOptions

SURFACE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "sdk-surface.json"


@pytest.fixture
async def stage(tmp_path):
    async with open_stage(tmp_path) as opened:
        yield opened


async def test_an_answer_comes_whole(stage):
    async with stage.chats.session() as session:
        answer = await session.send("Where is the tractor?")
    assert (answer.content, answer.resolved_content, answer.session_id) == (WORDS, WORDS, session.id)
    assert [image.image_id for image in answer.images] == ["f1"]
    assert (answer.provider, answer.model, answer.token_count) == ("words", "words", 0)
    said = {"citations", "result_refs", "agents_used", "plan", "writer", "found", "partial", "usage"}
    assert said <= set(answer.metadata)
    assert answer.metadata["usage"]["call_count"] == answer.metadata["usage"]["input_tokens"] == 0
    assert answer.metadata["plan"]["steps"][0]["agent"] == "image_search"


async def test_tokens_come_as_they_are_written(stage):
    stage.writer.gate.clear()
    async with stage.chats.session() as session:
        text, kinds = "", []
        async for token in session.send_stream("Where?"):
            kinds.append(token.type)
            if token.type is ChatTokenType.TOKEN:
                text += token.content
                stage.writer.gate.set()
            if token.type is ChatTokenType.IMAGE_RESULTS:
                shown = token.data["images"][0]
                assert (shown["filename"], shown["thumbnail_url"]) == ("a.jpg", None), "all names are there"
            if token.type is ChatTokenType.STATUS:
                assert token.content == token.data["message"]
            if token.type is ChatTokenType.COMPLETE:
                assert token.content == WORDS
                assert token.data["processing_time_ms"] >= 0
    assert text == WORDS
    assert (kinds[0], kinds[-1]) == (ChatTokenType.CONNECTION, ChatTokenType.COMPLETE)


async def test_a_stream_can_be_left_and_taken_up_again(stage):
    stage.writer.gate.clear()
    async with stage.chats.session() as session:
        async with session.send_stream("Where?") as stream:
            seen = [await anext(stream) for _ in range(4)]
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        stage.writer.gate.set()
        rest = [token async for token in stage.chats.events(stream.id, after=seen[-1].seq)]
    assert rest[0].seq == seen[-1].seq + 1
    assert rest[-1].content == WORDS


async def test_a_stream_can_be_cancelled(stage):
    stage.writer.gate.clear()
    async with stage.chats.session() as session, session.send_stream("Where?") as stream:
        kinds = []
        async for token in stream:
            kinds.append(token.type)
            if token.type is ChatTokenType.TOKEN and token.data["accumulated"].endswith("tractor"):
                assert await stream.cancel()
    assert kinds[-1] is ChatTokenType.CANCELLED
    messages = await stage.chats.get_messages(session.id)
    assert [message.content for message in messages] == ["Where?", "The red tractor"]
    assert messages[1].metadata["status"] == TurnStatus.CANCELLED


async def test_send_raises_what_went_wrong(stage):
    session_id = await stage.session()
    stage.writer.error = ModelError("The model is gone.", model="x")
    with pytest.raises(ModelError, match="gone") as caught:
        await stage.chats.send("Where?", session_id=session_id)
    assert caught.value.details == {"model": "x"}
    stage.writer.error = None
    stage.writer.gate.clear()
    sending = asyncio.create_task(stage.chats.send("Where?", session_id=session_id))
    await until(lambda: stage.runner._live)
    await stage.chats.cancel(next(iter(stage.runner._live)))
    with pytest.raises(TurnCancelledError):
        await sending


async def test_a_stream_says_what_went_wrong_as_a_token(stage):
    stage.writer.error = ModelError("The model is gone.")
    session_id = await stage.session()
    last = [token async for token in stage.chats.send_stream("Where?", session_id=session_id)][-1]
    assert (last.type, last.content, last.data["code"]) == (
        ChatTokenType.ERROR,
        "The model is gone.",
        "MODEL_ERROR",
    )


async def test_who_stops_waiting_stops_the_turn(stage):
    stage.writer.gate.clear()
    session_id = await stage.session()
    sending = asyncio.create_task(stage.chats.send("Where?", session_id=session_id))
    await until(lambda: stage.runner._live)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert [turn.status for turn in await stage.catalog.turns(session_id)] == [TurnStatus.CANCELLED]


async def test_leaving_closes_and_sending_reopens(stage):
    async with stage.chats.session() as session:
        await session.send("One?")
    assert not (await stage.chats.get_session(session.id)).session.is_active
    assert (await stage.chats.list_sessions(active_only=True)).total == 0
    async with stage.chats.session(session_id=session.id, auto_close=False) as again:
        assert again.session.total_messages == 2
        await again.send("Two?")
        assert [m.content for m in await again.get_messages()] == ["One?", WORDS, "Two?", WORDS]
    assert (await stage.chats.get_session(session.id)).session.is_active


async def test_the_first_message_gives_the_title(stage):
    long = "Please tell me " + "about the tractors in the barn " * 5
    async with stage.chats.session() as session:
        await session.send(long)
        await session.send("More?")
    title = (await stage.chats.get_session(session.id)).session.title
    assert title.startswith("Please tell me about")
    assert len(title) <= 60
    async with stage.chats.session(title="Barn") as session:
        await session.send("More?")
    assert (await stage.chats.get_session(session.id)).session.title == "Barn"


async def test_a_session_sums_itself_up(stage):
    async with stage.chats.session(image_ids=["f1", "f2"], use_all_images=False) as session:
        await session.send("Where?")
        await session.update_documents(["d1"])
    found = await stage.chats.get_session(session.id)
    summary = found.session
    assert (summary.total_messages, summary.selected_image_count, summary.use_all_images) == (2, 2, False)
    assert (summary.last_user_message, summary.last_message_preview) == ("Where?", WORDS)
    assert found.selected_image_ids == ["f1", "f2"]
    assert found.selected_document_ids == ["d1"]
    assert found.current_search_result_ids == ["f1"]
    assert [message.role for message in found.messages] == [MessageRole.USER, MessageRole.ASSISTANT]
    assert found.messages[1].image_context[0].filename == "a.jpg"
    assert (await stage.chats.get_session(session.id, include_messages=False)).messages == []


async def test_selections_and_settings_reach_the_turn(stage):
    session_id = await stage.session()
    await stage.chats.update_images(session_id, ["f1", "f1", "f2"])
    await stage.chats.update_documents(session_id, ["d1"])
    await stage.chats.update_videos(session_id, ["v1"])
    await stage.chats.update_mode(session_id, False)
    await stage.chats.update_domain(session_id, "mining")
    await stage.chats.send("Where?", session_id=session_id, force_detailed_analysis=True)
    options = stage.planner.requests[0].options
    assert options == TurnOptions(
        use_all_images=False,
        image_ids=("f1", "f2"),
        document_ids=("d1",),
        video_ids=("v1",),
        domain="mining",
        detailed_analysis=True,
    )
    own = TurnOptions(max_words=20)
    await stage.chats.send("Where?", session_id=session_id, options=own)
    assert stage.planner.requests[1].options == own


async def test_other_images_than_expected_heal_the_selection(stage):
    session_id = await stage.session()
    await stage.chats.update_images(session_id, ["f1"])
    await stage.chats.send("Where?", session_id=session_id, expected_image_ids=["f2", "f2", "f3"])
    assert stage.planner.requests[0].options.image_ids == ("f2", "f3"), "it counts for this turn already"
    assert (await stage.chats.get_session(session_id)).selected_image_ids == ["f2", "f3"]
    before = await stage.catalog.get_session(session_id)
    await stage.chats.send("Where?", session_id=session_id, expected_image_ids=["f3", "f2"])
    assert (await stage.catalog.get_session(session_id)).image_ids == before.image_ids, "in any order"
    async with stage.chats.send_stream("Where?", session_id=session_id, expected_image_ids=[]) as stream:
        assert [token async for token in stream]
    assert (await stage.catalog.get_session(session_id)).image_ids == ()
    with pytest.raises(ValidationError):
        too_many = [str(n) for n in range(1001)]
        await stage.chats.send("Where?", session_id=session_id, expected_image_ids=too_many)


async def test_sessions_are_listed_last_used_first(stage):
    ids = [await stage.session() for _ in range(5)]
    await stage.chats.send("Where?", session_id=ids[1])
    page = await stage.chats.list_sessions(limit=2)
    assert (page.items[0].id, page.total, page.has_more) == (ids[1], 5, True)
    everything = [session.id async for session in stage.chats.iter_sessions(page_size=2)]
    assert sorted(everything) == sorted(ids)
    assert not (await stage.chats.list_sessions(offset=4)).has_more


async def test_sessions_are_found_by_words_in_titles_and_messages(stage):
    ids = [await stage.session() for _ in range(4)]
    for session_id, text in zip(
        ids, ("Wo steht der Bagger?", "ÄPFEL im Keller", "100%", "1000"), strict=True
    ):
        await stage.chats.send(text, session_id=session_id)
    await stage.chats.rename_session(ids[0], "Fuhrpark")

    async def found(words: str) -> set[str]:
        return {session.id async for session in stage.chats.iter_sessions(search=words, page_size=1)}

    assert await found("fuhr") == await found("steht der bagger") == {ids[0]}
    assert await found("äpfel") == {ids[1]}, "whatever the case"
    assert await found("0%") == {ids[2]}, "signs stand for themselves"
    assert await found("red tractor") == set(ids), "answers count"
    assert await found("nowhere") == set()
    assert (await stage.chats.list_sessions(search=" ")).total == 4
    assert (await stage.chats.list_sessions(search="tractor", limit=1)).has_more


async def test_rename_and_the_last_messages(stage):
    session_id = await stage.session()
    await stage.chats.rename_session(session_id, "  Barn ")
    assert (await stage.chats.get_session(session_id)).session.title == "Barn"
    for text in ("One?", "Two?"):
        await stage.chats.send(text, session_id=session_id)
    assert [m.content for m in await stage.chats.get_messages(session_id, limit=3)] == [WORDS, "Two?", WORDS]


async def test_a_conversation_can_be_exported(stage):
    session_id = await stage.session()
    stage.writer.text = "It is red. [[doc:d1|barn.pdf|p:3]]"
    await stage.chats.send("Which colour?", session_id=session_id)
    markdown = (await stage.chats.export_session(session_id)).decode()
    assert (
        markdown
        == "# Which colour?\n\n## You\n\nWhich colour?\n\n## Pinakes\n\nIt is red. (barn.pdf, p. 3)\n"
    )
    text = (await stage.chats.export_session(session_id, format="text", include_metadata=True)).decode()
    assert "Pinakes (20" in text
    data = json.loads(await stage.chats.export_session(session_id, format="json", include_metadata=True))
    assert [message["role"] for message in data["messages"]] == ["user", "assistant"]
    assert data["messages"][1]["content"].endswith("[[doc:d1|barn.pdf|p:3]]")
    assert data["messages"][1]["metadata"]["writer"] == "words"
    with pytest.raises(ValidationError):
        await stage.chats.export_session(session_id, format="docx")


async def test_bad_input_is_typed(stage):
    chats, session_id = stage.chats, await stage.session()
    for text in ("", "  ", "x" * 10_001):
        with pytest.raises(ValidationError):
            await chats.send(text, session_id=session_id)
        with pytest.raises(ValidationError):
            await anext(chats.send_stream(text, session_id=session_id))
    wrong = [
        chats.create_session(title="x" * 256),
        chats.create_session(image_ids=[str(n) for n in range(1001)]),
        chats.update_documents(session_id, [str(n) for n in range(101)]),
        chats.update_images(session_id, [""]),
        chats.rename_session(session_id, " "),
        chats.list_sessions(limit=0),
        chats.get_messages(session_id, limit=0),
    ]
    for call in wrong:
        with pytest.raises(ValidationError):
            await call
    for call in (
        chats.send("Hi", session_id="nowhere"),
        chats.get_session("nowhere"),
        chats.get_messages("nowhere"),
        chats.close_session("nowhere"),
        chats.session(session_id="nowhere").__aenter__(),
    ):
        with pytest.raises(ResourceNotFoundError):
            await call
    with pytest.raises(ChatError, match="async with"):
        _ = chats.session().id
    assert await chats.get_messages(session_id) == []


async def test_a_busy_session_is_typed_too(tmp_path):
    async with open_stage(tmp_path, wait_seconds=0) as stage:
        stage.writer.gate.clear()
        session_id = await stage.session()
        async with stage.chats.send_stream("Where?", session_id=session_id) as stream:
            with pytest.raises(SessionBusyError):
                await stage.chats.send("Where?", session_id=session_id)
            await stream.cancel()


async def test_model_calls_inside_a_turn_are_counted(tmp_path):
    usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    model = FakeMessagesListChatModel(responses=[AIMessage("hm", usage_metadata=usage)])

    async with open_stage(tmp_path) as stage:
        plan = stage.planner.plan

        async def think(request):
            await model.ainvoke(request.question)
            return await plan(request)

        stage.planner.plan = think
        answer = await stage.chats.send("Where?", session_id=await stage.session())
    usage = answer.metadata["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["call_count"]) == (7, 3, 1)
    assert list(usage["nodes"]) == ["plan"] and not usage["estimated"]
    assert answer.token_count == 10
    assert answer.content == WORDS, "another model's tokens are not the answer's"


@pytest.mark.parametrize(
    ("name", "ours"), [("ChatResource", ChatResource), ("ChatSessionContext", ChatSessionContext)]
)
def test_names_and_parameters_are_the_hosted_sdks(name, ours):
    if not SURFACE.is_file():
        pytest.skip("the reference is not beside this repository")
    methods = json.loads(SURFACE.read_text())["resources/chat"][name]["methods"]
    for method, facts in methods.items():
        assert hasattr(ours, method), method
        if facts["property"]:
            continue
        known = inspect.signature(getattr(ours, method)).parameters
        assert {param["name"] for param in facts["params"]} <= set(known), method
