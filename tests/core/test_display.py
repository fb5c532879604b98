from __future__ import annotations

from pinakes.core.chat import ChatResponse, ImageReference
from pinakes.core.evidence import Citation, Evidence, mark_for
from pinakes.core.files import Locator, MediaType

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


def test_a_message_knows_its_references() -> None:
    message = response()
    assert message.references.documents[0].full_id == EVIDENCE.file_id
    assert message.citations[0].evidence == EVIDENCE
