"""`client.folders`: every call that changes something is journaled and can be taken back."""

from __future__ import annotations

import pytest

from pinakes import Pinakes
from pinakes.core.errors import ChangeError, ResourceNotFoundError, ValidationError


async def paths(client: Pinakes) -> list[str]:
    return [folder.path for folder in (await client.folders.tree()).folders]


async def places(client: Pinakes) -> dict[str, str]:
    return {str(file.filename): file.folder_path for file in (await client.files.list()).items}


async def test_making_reading_and_naming(client: Pinakes) -> None:
    site = await client.folders.create("Site")
    north = await client.folders.create(" North ", parent_id=site.id)
    assert (north.name, north.depth, north.parent_id) == ("North", 2, site.id)
    uploaded = [
        await client.files.upload(f"Note {n}.".encode(), filename=f"{n}.txt", folder_id=site.id)
        for n in range(3)
    ]
    contents = await client.folders.get(site.id, limit=2)
    assert [file.filename for file in contents.files] == ["0.txt", "1.txt"]
    assert (contents.total_files, contents.has_more_files) == (3, True)
    assert [folder.id for folder in contents.subfolders] == [north.id]
    assert contents.folder and (contents.folder.file_count, contents.folder.subfolder_count) == (3, 1)
    crumbs = (await client.folders.get_breadcrumbs(north.id)).breadcrumbs
    assert [(crumb.name, crumb.depth) for crumb in crumbs] == [("Site", 1), ("North", 2)]
    renamed = await client.folders.rename(site.id, "Works")
    assert (renamed.id, renamed.path) == (site.id, "Works")
    assert await paths(client) == ["Works", "Works/North"]
    moved = await client.folders.move(north.id)
    assert (moved.id, moved.path, moved.parent_id) == (north.id, "North", None)
    result = await client.folders.move_files([file.image_id for file in uploaded[:2]], folder_id=north.id)
    assert (result.moved, result.total_requested) == (2, 2)
    assert await places(client) == {"0.txt": "North", "1.txt": "North", "2.txt": "Works"}
    for _ in range(3):
        await client.undo()
    assert await paths(client) == ["Site", "Site/North"]
    assert set((await places(client)).values()) == {"Site"}
    await client.redo()
    assert await paths(client) == ["Works", "Works/North"]


async def test_files_go_to_the_top_and_stay_where_they_are(client: Pinakes) -> None:
    file_id = (await client.files.upload(b"Words.", filename="a.txt", folder_path="In")).image_id
    assert (await client.folders.move_files([file_id])).moved == 1
    assert (await client.folders.move_files([file_id])).moved == 0
    assert await places(client) == {"a.txt": ""}
    with pytest.raises(ResourceNotFoundError, match="nothing was moved"):
        await client.folders.move_files([file_id, "nobody"])


async def test_deleting_keeps_what_is_in_it_one_level_up(client: Pinakes) -> None:
    for place in ("A", "A/B", "A/B/C", "B", "B/C"):
        name = f"{place.replace('/', '-')}.txt"
        await client.files.upload(name.encode(), filename=name, folder_path=place)
    by_path = {folder.path: folder for folder in (await client.folders.tree()).folders}
    before = await places(client)
    deleted = await client.folders.delete(by_path["A"].id)
    assert (deleted.mode, deleted.files_affected, deleted.subfolders_affected) == ("move_to_parent", 3, 2)
    assert await paths(client) == ["B", "B/C"]  # folders of one name became one
    assert await places(client) == {
        "A.txt": "",
        "A-B.txt": "B",
        "A-B-C.txt": "B/C",
        "B.txt": "B",
        "B-C.txt": "B/C",
    }
    await client.undo()
    assert await places(client) == before
    assert await paths(client) == ["A", "A/B", "A/B/C", "B", "B/C"]


async def test_a_folder_in_one_of_its_own_name_takes_its_place(client: Pinakes) -> None:
    for place in ("A", "A/A", "A/A/C", "A/Z"):
        await client.files.upload(
            place.encode(), filename=f"{place.replace('/', '-')}.txt", folder_path=place
        )
    outer = next(f for f in (await client.folders.tree()).folders if f.path == "A")
    await client.folders.delete(outer.id)
    assert await places(client) == {"A.txt": "", "A-A.txt": "A", "A-A-C.txt": "A/C", "A-Z.txt": "Z"}
    assert await paths(client) == ["A", "A/C", "Z"]


async def test_deleting_everything_in_it(client: Pinakes) -> None:
    for place in ("A", "A/B", "C"):
        await client.files.upload(place.encode(), filename=f"{place[-1]}.txt", folder_path=place)
    folder = (await client.folders.tree()).folders[0]
    deleted = await client.folders.delete(folder.id, mode="delete_all")
    assert (deleted.files_affected, deleted.subfolders_affected) == (2, 1)
    assert (await places(client), await paths(client)) == ({"C.txt": "C"}, ["C"])
    await client.undo()
    assert await places(client) == {"A.txt": "A", "B.txt": "A/B", "C.txt": "C"}


async def test_protected_files_keep_their_folder(client: Pinakes) -> None:
    await client.files.upload(b"Words.", filename="a.txt", folder_path="A", tags=["protected"])
    [folder] = (await client.folders.tree()).folders
    for call in (
        client.folders.delete(folder.id),
        client.folders.delete(folder.id, mode="delete_all"),
        client.folders.rename(folder.id, "B"),
    ):
        with pytest.raises(ChangeError):
            await call
    assert await places(client) == {"a.txt": "A"}


async def test_what_is_not_allowed_is_refused(client: Pinakes) -> None:
    parent = None
    for n in range(10):
        parent = await client.folders.create(f"L{n}", parent_id=parent.id if parent else None)
    top = (await client.folders.tree()).folders[0]
    assert parent
    for call in (
        client.folders.create("L10", parent_id=parent.id),
        client.folders.create("L0"),
        client.folders.create(" "),
        client.folders.create("a/b"),
        client.folders.create("x" * 256),
        client.folders.move(top.id, new_parent_id=parent.id),
        client.folders.move(top.id, new_parent_id=top.id),
        client.folders.delete(top.id, mode="burn"),
        client.folders.move_files([]),
        client.folders.get(top.id, limit=0),
    ):
        with pytest.raises(ValidationError):
            await call
    for unknown in (
        client.folders.get("nobody"),
        client.folders.rename("nobody", "x"),
        client.folders.create("x", parent_id="nobody"),
        client.folders.move(top.id, new_parent_id="nobody"),
        client.folders.delete("nobody"),
    ):
        with pytest.raises(ResourceNotFoundError):
            await unknown
