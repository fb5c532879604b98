"""What is asked for: one typed request per change that an instruction names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What is to be done."""

    MOVE = "move"
    FILE = "file"  # into the folders there are, by what the files say
    GROUP = "group"
    CREATE = "create"
    RENAME = "rename"
    DELETE = "delete"
    TAG = "tag"
    UNTAG = "untag"
    RESTORE = "restore"
    MERGE = "merge"
    JOIN = "join"  # folders
    ARCHIVE = "archive"
    UNDO = "undo"
    REDO = "redo"


class Key(StrEnum):
    """What files are grouped by; `NAME` is any other word, answered by names that the texts repeat."""

    DECADE = "decade"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    EVENT = "event"
    PLACE = "place"
    DATE = "date"
    TYPE = "type"
    FORMAT = "format"
    CAMERA = "camera"
    AUTHOR = "author"
    TAG = "tag"
    LANGUAGE = "language"
    TOPIC = "topic"
    NAME = "name"


@dataclass(frozen=True)
class Request:
    """One change asked for, in the user's words.

    Attributes:
        what: The words for the files or folders meant; "" when none are said.
        into: The words for the folder they go to.
        name: The new name, or several joined by "and" for folders to create.
        tags: Tags to put on or take off.
        key: What to group by; None when that is left to us.
        by: The word that was said for the key.
        new: A new folder was asked for.
    """

    action: Action
    what: str = ""
    into: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    key: Key | None = None
    by: str = ""
    new: bool = False


@dataclass(frozen=True)
class Wishes:
    """What later words ask of a proposal.

    Attributes:
        without: Words for files to leave out.
        only: Words for the files to keep; "" keeps all.
        first: Keep the first so many; negative: the last; 0 keeps all.
        apart: Words for files that get a folder of their own.
        renamed: The new folder's old and new name; the old one is "" when only one is meant.
        key, by: Another grouping.
        into: Another target.
        unread: Words that were not understood.
    """

    without: tuple[str, ...] = ()
    only: str = ""
    first: int = 0
    apart: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    key: Key | None = None
    by: str = ""
    into: str = ""
    unread: tuple[str, ...] = ()
