from __future__ import annotations

from pinakes.core.chat import ChatMessage, ChatResponse, ChatToken, ImageReference, MessageRole
from pinakes.core.evidence import Citation, Evidence, mark_for
from pinakes.core.files import Locator, MediaType
from pinakes.core.sessions import ChatImageList, ChatSession, ChatSessionDetail

EVIDENCE = Evidence(
    id="s1.1",
    media_type=MediaType.DOCUMENT,
    file_id="6f9619ff-8b86-4d01-b42d-00c04fc964ff",
    filename="<b>manual.pdf",
    quote="Torque is 40 Nm.",
    locator=Locator(page=2),
)


def response(**fields: object) -> ChatResponse:
    mark = mark_for(EVIDENCE)
    citation = Citation(mark=mark, evidence=EVIDENCE)
    return ChatResponse.model_validate(
        {
            "message_id": "m",
            "session_id": "s",
            "content": f"Torque is 40 Nm. {mark} <script>x</script>",
            "metadata": {"citations": [citation.model_dump(mode="json")]},
            **fields,
        }
    )


def test_an_answer_shows_numbered_sources_and_escapes_everything() -> None:
    shown = response()._repr_mimebundle_()
    assert "<sup>[1]</sup>" in shown["text/html"]
    assert "&lt;b&gt;manual.pdf</b>, p. 2" in shown["text/html"]
    assert "<script>" not in shown["text/html"]
    assert shown["text/plain"].startswith("Torque is 40 Nm. (<b>manual.pdf, p. 2)")


def test_only_inline_pictures_are_shown() -> None:
    pictures = [
        ImageReference(image_id="1", filename="a.jpg", thumbnail_url="data:image/jpeg;base64,AAAA"),
        ImageReference(image_id="2", filename="b.jpg", thumbnail_url="https://example.com/spy.png"),
        ImageReference(image_id="3", filename="c.jpg", thumbnail_url='data:image/jpeg;base64,"onload=x'),
    ]
    html = response(images=pictures)._repr_mimebundle_()["text/html"]
    assert html.count("<img") == 1
    assert "example.com" not in html and "onload" not in html
    assert all(name in html for name in ("a.jpg", "b.jpg", "c.jpg"))


def test_places_and_tables_are_shown() -> None:
    mark, pixel = mark_for(EVIDENCE), "data:image/jpeg;base64,AAAA"
    assert pixel in response(snippets={mark: pixel})._repr_mimebundle_()["text/html"]
    assert "spy" not in response(snippets={mark: "https://spy.example"})._repr_mimebundle_()["text/html"]
    table = {"words": "Files per <year>", "columns": ["year", "n"], "rows": [["<b>2025", 3]], "total": 3}
    html = response(metadata={"tables": [table]})._repr_mimebundle_()["text/html"]
    assert "Files per &lt;year&gt;" in html and "&lt;b&gt;2025" in html and "<table>" in html


def test_an_answer_knows_its_files_and_comes_over_a_wire() -> None:
    picture = ImageReference(image_id="1", filename="a.jpg")
    answer = response(images=[picture])
    files = answer.as_collection()
    assert [(ref.id, ref.media_type) for ref in files] == [("1", "image"), (EVIDENCE.file_id, "document")]
    message = ChatMessage(id="m", role=MessageRole.ASSISTANT, content="x", image_context=(picture,))
    detail = ChatSessionDetail(session=ChatSession(id="s"), messages=(message, message))
    assert detail.as_collection().ids == ["1"]
    assert ChatImageList(image_ids=("1", "2"), total_count=2).as_collection().content_type == "image"
    wire = {name: value for name, value in answer.to_dict().items() if name != "session_id"}
    assert ChatResponse.from_api_response({**wire, "new_field": 1}, "s") == answer
    token = ChatToken.from_sse_event("token", {"type": "token", "content": "Hi", "token_index": 0})
    assert (token.content, token.data) == ("Hi", {"content": "Hi", "token_index": 0})
    assert ChatToken.from_sse_event("error", {"message": "Gone."}).content == "Gone."


def test_a_message_knows_its_references() -> None:
    message = response()
    assert message.references.documents[0].full_id == EVIDENCE.file_id
    assert message.citations[0].evidence == EVIDENCE
