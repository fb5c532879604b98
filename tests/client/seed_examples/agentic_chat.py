"""The examples of the hosted client's guide to chats; only the import and the constructor are ours."""

# ruff: noqa: ASYNC230, PTH123 - as the guide has it
from __future__ import annotations

import asyncio

from pinakes import ChatTokenType, Pinakes


async def quick_start() -> None:
    async with Pinakes(api_key="pinakes_...") as client:
        async with client.chat_session() as session:
            response = await session.send("What objects appear in my images?")
            print(response.content)

            # Continue conversation
            response2 = await session.send("Which ones are damaged?")
            print(response2.content)

        await context_modes(client)
        await streaming(client)
        await sessions(client)
        await plan_approval(client)


async def context_modes(client: Pinakes) -> None:
    async with client.chat_session(use_all_images=True) as session:
        response = await session.send("Find damaged equipment")
        print(response.content)

    img_001, img_002 = (await client.chats.get_all_images(limit=2)).image_ids
    async with client.chat_session(image_ids=[img_001, img_002], use_all_images=False) as session:
        response = await session.send("Compare these two images")
        print("Selected:", {image.image_id for image in response.images or []} <= {img_001, img_002})


async def streaming(client: Pinakes) -> None:
    async with client.chat_session() as session:
        async for event in session.send_stream("Find photos of the coupling"):
            if event.type == ChatTokenType.TOKEN:
                print(event.content, end="", flush=True)
            elif event.type == ChatTokenType.STATUS:
                print(f"\nStatus: {event.data.get('message', '')}")
            elif event.type == ChatTokenType.IMAGE_RESULTS:
                print(f"\nFound {len(event.data.get('images', []))} images")
            elif event.type == ChatTokenType.COMPLETE:
                print(f"\n\nDone ({event.data.get('processing_time_ms')}ms)")


async def sessions(client: Pinakes) -> None:
    # List sessions
    sessions = await client.chats.list_sessions()
    session_id = sessions.items[0].id

    # Get session details
    details = await client.chats.get_session(session_id=session_id)
    print(f"Messages: {len(details.messages)}")

    # Close session
    await client.chats.close_session(session_id=session_id)

    # Export as markdown
    content = await client.chats.export_session(session_id, format="markdown")
    with open("conversation.md", "wb") as f:
        f.write(content)

    # Export as JSON with metadata
    content = await client.chats.export_session(session_id, format="json", include_metadata=True)
    with open("conversation.json", "wb") as f:
        f.write(content)


async def plan_approval(client: Pinakes) -> None:
    async with client.chat_session() as session:
        async for event in session.send_stream("Move all photos into the folder Pictures"):
            if event.type == ChatTokenType.PLAN_PENDING_APPROVAL:
                print(f"Plan: {event.data.get('description', '')}")
                await session.approve_plan(event.data["plan_id"])  # or cancel_plan()
            elif event.type == ChatTokenType.COMPLETE:
                print(f"After approval: {event.data['content']}")


if __name__ == "__main__":
    asyncio.run(quick_start())
