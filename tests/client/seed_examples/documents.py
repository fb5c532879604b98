"""The examples of the hosted client's guide to documents; only the import and the constructor are ours."""

from __future__ import annotations

import asyncio

from pinakes import Pinakes


async def main() -> None:
    async with Pinakes(api_key="pinakes_...") as client:
        result = await client.files.upload("report.pdf")

        print(f"File ID: {result.image_id}")
        print(f"Filename: {result.filename}")

        # Poll the unified processing status for extraction details
        status = await client.files.get_processing_status(result.image_id)
        print(f"Extraction: {status.text_extraction_status}")
        print(f"Pages: {status.page_count}")
        print(f"Chunks: {status.chunk_count}")

        file_id = result.image_id
        result = await client.files.upload(
            "report.pdf",
            folder_id=None,  # Optional folder UUID
            project_id=None,  # Optional project workspace
            storage_target="default",  # "default" or "custom" (BYOB)
            skip_duplicates=True,  # Return existing file_id on hash match
            content_category="document",  # Tailors AI processing
        )
        await batch(client)
        await pages(client, file_id)
        await searching(client, file_id)
        await chat(client)
        await duplicates(client)
        await management(client, file_id)


async def batch(client: Pinakes) -> None:
    # Returns BatchUploadResults, a list subclass of UploadResult, iterate directly.
    results = await client.files.upload_batch(
        [
            "report1.pdf",
            "report2.docx",
            "notes.txt",
        ]
    )

    print(f"Uploaded {len(results)} documents")
    for r in results:
        print(f"  {r.filename}: {r.image_id}")

    # Helper methods for batch inspection
    if results.has_failures:
        for r in results.failed():
            print(f"FAIL {r.filename}: {r.description_error}")
    print(results.summary())  # e.g. "3 succeeded"


async def pages(client: Pinakes, file_id: str) -> None:
    # Lightweight status (no element data)
    status = await client.files.get_digitization_status(file_id)
    print(status["status"])  # pending | processing | completed | failed

    # Full digitization (all pages)
    result = await client.files.get_digitization(file_id)
    for page in result["pages"]:
        print(f"Page {page['page_number']}: {page['element_count']} elements")

    # Single page
    page = await client.files.get_digitization_page(file_id, page_number=2)
    for el in page["elements"]:
        print(f"  {el['type']}: {el['content'][:60]}...")


async def searching(client: Pinakes, file_id: str) -> None:
    results = await client.files.search(
        query="safety inspection requirements",
        limit=20,
        similarity_threshold=0.3,
    )

    for chunk in results.items:
        print(f"Document: {chunk.document_filename}")
        print(f"Score: {chunk.score:.2f}")
        print(f"Content: {chunk.content[:200]}...")

    results = await client.files.search(
        query="compliance requirements",
        document_ids=[file_id],
        limit=10,
    )

    for chunk in results.items:
        print(f"{chunk.document_filename}: {chunk.content[:100]}...")


async def chat(client: Pinakes) -> None:
    async with client.chat_session() as session:
        response = await session.send("What are the key safety requirements mentioned in the documents?")
        print(response.content)

        response2 = await session.send("Which section covers equipment maintenance?")
        print(response2.content)


async def duplicates(client: Pinakes) -> None:
    r1 = await client.files.upload("report.pdf", skip_duplicates=True)
    r2 = await client.files.upload("report.pdf", skip_duplicates=True)
    # r2.deduplicated == True; r2.image_id references the same document as r1
    print(f"Deduplicated: {r2.deduplicated} {r1.image_id == r2.image_id}")


async def management(client: Pinakes, file_id: str) -> None:
    # List documents only, filter by media_type
    files = await client.files.list(media_types=["document"], limit=20)
    print(f"Total: {files.total_count}")
    for f in files.items:
        print(f"  {f.filename} ({f.document_type})")

    # Get document details
    doc = await client.files.get(file_id)
    print(f"Filename: {doc.filename}, Pages: {doc.page_count}")

    # Get extracted text
    text_result = await client.files.get_text(file_id)
    print(f"Text length: {len(text_result['text'])} characters")

    # Get chunks (for RAG debugging)
    chunks_result = await client.files.get_chunks(file_id)
    print(f"Total chunks: {chunks_result['total_chunks']}")

    # Get a temporary download URL for the original file
    download_url = await client.files.download_url(file_id)
    print(f"Download: {download_url}")

    # Delete document and all chunks
    await client.files.delete(file_id)
    print(f"Left: {(await client.files.list(media_types=['document'])).total_count}")


if __name__ == "__main__":
    asyncio.run(main())
