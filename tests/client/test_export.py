"""Conversations as files: whole, readable, and harmless whatever stands in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from turn_stage import open_stage

from pinakes.client.export import export
from pinakes.core.chat import ChatMessage, ImageReference, MessageRole
from pinakes.core.errors import ValidationError
from pinakes.core.evidence import Citation, Evidence, mark_for
from pinakes.core.files import Locator, MediaType
from pinakes.core.sessions import ChatSession

EVIL = '<img src=x onerror="alert(1)">'
PIXEL = "data:image/jpeg;base64,AAAA"
AT = datetime(2026, 5, 4, 3, 2, tzinfo=UTC)


class Tags(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def conversation() -> tuple[ChatSession, list[ChatMessage]]:
    """Return a conversation in which every text that can come from outside is an attack."""
    piece = Evidence(
        id="s1.1",
        media_type=MediaType.DOCUMENT,
        file_id="d1234567",
        filename=f"{EVIL}.pdf",
        quote=f"{EVIL} [x](javascript:alert(1))",
        locator=Locator(page=3),
    )
    mark = mark_for(piece)
    metadata = {
        "writer": EVIL,
        "agents_used": [EVIL],
        "citations": [Citation(mark=mark, evidence=piece).model_dump(mode="json")],
        "tables": [{"words": EVIL, "columns": [EVIL, "n"], "rows": [[EVIL, 2.0]], "total": 2}],
    }
    images = (
        ImageReference(image_id="i1", filename=f"{EVIL}.jpg", description=EVIL),
        ImageReference(image_id="i2", filename="b.jpg"),
        ImageReference(image_id="i3", filename="c.jpg"),
    )
    said = [
        ChatMessage(
            id="1", role=MessageRole.USER, content=f"{EVIL}</section><script>x</script>", created_at=AT
        ),
        ChatMessage(
            id="2",
            role=MessageRole.ASSISTANT,
            content=f"It is {EVIL} {mark}.\n\nAnd <b>so</b>",
            created_at=AT,
            token_count=7,
            image_context=images,
            metadata=metadata,
        ),
    ]
    return ChatSession(id="s", title=f"</title>{EVIL}"), said


def test_html_holds_nothing_but_what_we_put_there() -> None:
    session, said = conversation()
    shown = {"i1": PIXEL, "i2": 'javascript:alert(1)" onerror="x'}
    text = export(session, said, "html", True, shown).decode()
    tags = Tags(text)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "section",
        "small",
        "div",
        "p",
        "br",
    }
    allowed |= {"table", "thead", "tbody", "tr", "th", "td", "span", "b", "i", "sup", "ol", "li", "img"}
    assert {tag for tag, _ in tags.found} <= allowed
    assert [attrs["src"] for tag, attrs in tags.found if tag == "img"] == [PIXEL]
    assert not [name for _, attrs in tags.found for name in attrs if name.startswith("on") or name == "href"]
    policy = next(attrs["content"] for tag, attrs in tags.found if tag == "meta" and "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")
    assert "<sup>[1]</sup>" in text and ", p. 3" in text and "2026-05-04 03:02 UTC" in text
    assert "c.jpg" in text and "7 tokens" in text
    plain = export(session, said, "html", False).decode()
    assert "UTC" not in plain and "<sup>[1]</sup>" in plain and "data:" not in plain.split("</head>")[1]


def test_markdown_shows_words_from_outside_as_words() -> None:
    session, said = conversation()
    text = export(session, said, "markdown", True).decode()
    assert "<img" not in text.replace("\\<img", "") and "<script" not in text and "<b>" not in text
    assert "[x](javascript" not in text
    assert "Pictures:" in text and "- b.jpg" in text and ", p. 3" in text
    assert "Sources:" not in export(session, said, "markdown", False).decode()


def test_text_and_json_are_as_they_were_said() -> None:
    session, said = conversation()
    text = export(session, said, "text", False).decode()
    assert text.startswith(f"{session.title}\n\nYou:\n{said[0].content}")
    data = json.loads(export(session, said, "json", True))
    assert [ChatMessage.model_validate(message) for message in data["messages"]] == said
    assert "metadata" not in json.loads(export(session, said, "json", False))["messages"][1]
    with pytest.raises(ValidationError, match="html, json, markdown, text"):
        export(session, said, "docx", False)


async def test_a_session_exports_itself_with_its_pictures(tmp_path) -> None:
    async with open_stage(tmp_path) as stage:

        async def thumbnail(file_id: str) -> bytes | None:
            return b"picture" if file_id == "f1" else None

        stage.chats._library.thumbnail = thumbnail
        async with stage.chats.session() as session:
            await session.send("Where?")
            text = (await session.export(format="html")).decode()
            assert text.count("<section") == 2 and "data:image/jpeg;base64,cGljdHVyZQ==" in text
            assert (await session.export()).startswith(b"# Where?")
