"""The examples of the hosted sync client; only the import and the constructor are ours, and streaming works."""

# ruff: noqa: SIM117 - as the guide has it
from __future__ import annotations

from pinakes import ChatTokenType, SyncPinakes


def main() -> None:
    with SyncPinakes(api_key="pinakes_...") as client:
        with client.chat_session() as session:
            response = session.send("What objects appear in my images?")
            print(response.content)

            response2 = session.send("Which ones are damaged?")
            print(response2.content)

            for event in session.send_stream("Find photos of the coupling"):
                if event.type == ChatTokenType.TOKEN:
                    print(event.content, end="", flush=True)
                elif event.type == ChatTokenType.COMPLETE:
                    print("\nDone")


if __name__ == "__main__":
    main()
