"""What every transport must do.

Subclass the suite in a test module and give it a fixture `transport`, a `Transport` to an empty library::

    class TestMyTransport(ConformTransport):
        @pytest.fixture
        async def transport(self):
            async with server() as address:
                yield MyTransport(address)

pytest (with `asyncio_mode = "auto"`) runs the inherited tests.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pinakes.client.client import Pinakes
from pinakes.client.transport import Transport
from pinakes.core.chat import ChatResponse, ChatToken
from pinakes.core.errors import ResourceNotFoundError, ValidationError
from pinakes.core.user_files import UserFile

_MANUAL = b"# Crane C-2\n\nThe crane is stopped when the wind is above 14 m/s."


class ConformTransport:
    """The suite; `transport` is the adapter's fixture."""

    async def test_results_are_what_a_folder_gives(self, transport: Transport) -> None:
        """Values come back as their own types, bytes as they went, and pages follow each other."""
        async with Pinakes(transport=transport) as client:
            put = await client.files.upload(_MANUAL, filename="crane.md", tags=["crane"])
            assert await client.files.download(put.file_id) == _MANUAL
            listed = [file async for file in client.files.list_all(page_size=1)]
            assert [type(file) for file in listed] == [UserFile] and listed[0].tags == ["crane"]
            found = await client.agent_search.documents("wind")
            assert found.document_ids == [put.file_id] and found.as_collection().ids == [put.file_id]

    async def test_listeners_are_told_here(self, transport: Transport) -> None:
        """What happens is told to the caller's own functions."""
        seen: list[Any] = []
        async with Pinakes(transport=transport) as client:
            batch = await client.upload([_MANUAL], filenames=["crane.md"], on_file_complete=seen.append)
        assert [event.result.image_id for event in seen] == [batch[0].image_id]

    async def test_errors_are_the_same_ones(self, transport: Transport) -> None:
        """An error keeps its class, its sentence and its details, also where a stream begins."""
        async with Pinakes(transport=transport) as client:
            with pytest.raises(ResourceNotFoundError) as caught:
                await client.files.get("nothing")
            assert caught.value.message and caught.value.code == "RESOURCE_NOT_FOUND"
            with pytest.raises(ValidationError, match="1 to 1,000"):
                await anext(aiter(client.files.list_all(page_size=0)))
            with pytest.raises(ResourceNotFoundError):
                await anext(client.chats.send_stream("Hello", session_id="nothing"))

    async def test_a_stream_is_read_left_and_taken_up_again(self, transport: Transport) -> None:
        """A turn's tokens come in order; who leaves early finds the rest by the stream's id."""
        async with Pinakes(transport=transport) as client:
            await client.files.upload(_MANUAL, filename="crane.md")
            async with client.chat_session(title="Wind") as session:
                tokens = [token async for token in session.send_stream("When is the crane stopped?")]
                assert {type(token) for token in tokens} == {ChatToken} and tokens[-1].type == "complete"
                assert "14 m/s" in (tokens[-1].content or "")
                async with session.send_stream("When is the crane stopped?") as stream:
                    first = await anext(stream)
                rest = [token async for token in client.chats.events(stream.id, after=first.seq or 0)]
                seen = [token.seq or 0 for token in (first, *rest)]
                assert seen == sorted(set(seen)) and rest[-1].type == "complete"
                answer = await session.send("When is the crane stopped?")
            assert type(answer) is ChatResponse and answer.session_id == session.session_id

    async def test_a_plan_is_approved_inside_the_loop(self, transport: Transport) -> None:
        """A stream that stops for an approval goes on when it has been given."""
        async with Pinakes(transport=transport) as client:
            await client.files.upload(_MANUAL, filename="crane.md")
            async with client.chat_session() as session:
                kinds = []
                async for token in session.send_stream("Move crane.md to a folder called Cranes"):
                    kinds.append(str(token.type))
                    if token.type == "plan_pending_approval":
                        decided = await session.approve_plan((token.data or {})["plan_id"])
                        assert decided.success
            assert kinds[-1] == "complete" and "plan_pending_approval" in kinds
            assert [folder.name for folder in (await client.folders.tree()).folders] == ["Cranes"]
            await client.undo()
            assert (await client.folders.tree()).folders == []

    async def test_pipelines_and_the_whole_library(self, transport: Transport) -> None:
        """What is no resource of its own goes the same way."""
        async with Pinakes(transport=transport) as client:
            await client.files.upload(_MANUAL, filename="crane.md")
            result = await client.pipeline().search_documents("wind").analyze_documents("Summarise").run()
            assert result.success and result.final is result.step(1) and result.step(0).outputs["documents"]
            assert (await client.status()).counts["document"] == 1
            assert (await client.plan("How many files are there?")).steps

    async def test_many_at_once(self, transport: Transport) -> None:
        """Calls do not wait for each other, and each gets its own answer."""
        async with Pinakes(transport=transport) as client:
            names = [f"{number}.md" for number in range(8)]
            put = await asyncio.gather(*(client.files.upload(n.encode() * 9, filename=n) for n in names))
            got = await asyncio.gather(*(client.files.get(file.file_id) for file in put))
        assert [file.original_filename for file in got] == names
