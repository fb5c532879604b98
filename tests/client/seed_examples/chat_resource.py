"""Every method of the hosted client's page on chats, with every argument; only the constructor is ours."""

from __future__ import annotations

import asyncio

from pinakes import Pinakes


async def main() -> None:
    async with Pinakes(api_key="pinakes_...") as client:
        image_list = await client.chats.get_all_images(limit=1000, offset=0)
        print(f"Images: {image_list.total_count}")
        found = await client.chats.search_images("coupling", limit=50, offset=0)
        image_ids = [image.image_id for image in found]
        print(f"Found: {[image.filename for image in found]}")

        async with client.chats.session(
            title=None, image_ids=image_ids, use_all_images=True, auto_close=True
        ) as session:
            print(f"Open: {session.session.is_active}")

        created = await client.chats.create_session(title="Pumps", image_ids=None, use_all_images=True)
        session_id = created.id
        answer = await client.chats.send(
            "When did the seal of pump P-104 fail?",
            session_id=session_id,
            force_detailed_analysis=False,
            expected_image_ids=None,
        )
        print(f"Answer: {answer.content}")
        async for token in client.chats.send_stream(
            "And what was replaced?",
            session_id=session_id,
            force_detailed_analysis=True,
            expected_image_ids=None,
            debug_reasoning=True,
        ):
            if token.type == "complete":
                print(f"Streamed: {token.content}")

        await client.chats.update_images(session_id, image_ids)
        documents = await client.files.list(media_types=["document"], limit=2)
        await client.chats.update_documents(session_id, [document.id for document in documents.items])
        await client.chats.update_videos(session_id, [])
        await client.chats.update_mode(session_id, False)
        await client.chats.update_domain(session_id, "civil_engineering")
        await client.chats.rename_session(session_id, "Pump P-104")

        detail = await client.chats.get_session(session_id, include_messages=True, message_limit=None)
        print(f"Title: {detail.session.title}; {len(detail.messages)} messages")
        print(f"Selected: {list(detail.selected_image_ids or ()) == image_ids}")
        messages = await client.chats.get_messages(session_id, limit=None)
        print(f"Roles: {[str(message.role) for message in messages]}")
        sessions = await client.chats.list_sessions(limit=20, offset=0, active_only=False)
        print(f"Listed: {session_id in [item.id for item in sessions.items]}")
        async for item in client.chats.iter_sessions(page_size=1, active_only=False):
            if item.id == session_id:
                print("Iterated")
        exported = await client.chats.export_session(session_id, format="markdown", include_metadata=False)
        print(f"Exported: {b'P-104' in exported}")
        await client.chats.close_session(session_id)
        closed = await client.chats.get_session(session_id, include_messages=False)
        print(f"Active: {closed.session.is_active}")


if __name__ == "__main__":
    asyncio.run(main())
