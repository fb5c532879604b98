"""`SyncPinakes`: the same client for code without `async`. A bridge over `Pinakes`, not a copy of it.

`sync.pyi` beside this file tells type checkers what is made here; `scripts/write_sync_types.py` writes it.
"""

from __future__ import annotations

import functools
from typing import Any

from pinakes.client import bridge
from pinakes.client.agent_operations import AgentOperationsResource
from pinakes.client.agent_search import AgentSearchResource
from pinakes.client.chat_session import ChatSessionContext
from pinakes.client.chat_stream import ChatStream
from pinakes.client.chats import ChatResource
from pinakes.client.client import Pinakes
from pinakes.client.colors import ColorsResource
from pinakes.client.describing import Describing
from pinakes.client.descriptions import DescribeResource
from pinakes.client.documents import DocumentsResource
from pinakes.client.error_names import ErrorNames
from pinakes.client.files import FilesResource
from pinakes.client.folders import FoldersResource
from pinakes.client.links import LinksResource
from pinakes.client.pipeline_runs import PipelineRuns
from pinakes.client.pipelines import Pipeline
from pinakes.client.reports import Report, ReportsResource
from pinakes.client.sync_lifetime import SyncLifetime
from pinakes.client.uploads import UploadResource
from pinakes.client.video_analysis import VideoAnalysisResource
from pinakes.client.video_scenes import VideoScenesResource
from pinakes.client.video_uploads import VideoUploadsResource
from pinakes.client.whole_library import WholeLibrary

BRIDGED = (
    AgentOperationsResource,
    AgentSearchResource,
    ChatResource,
    ChatSessionContext,
    ChatStream,
    ColorsResource,
    DescribeResource,
    Describing,
    DocumentsResource,
    FilesResource,
    FoldersResource,
    LinksResource,
    Pipeline,
    PipelineRuns,
    Report,
    ReportsResource,
    UploadResource,
    VideoAnalysisResource,
    VideoScenesResource,
    VideoUploadsResource,
    WholeLibrary,
)
"""What `SyncPinakes` gives out; each has its class here, such as `SyncFilesResource`."""


class SyncPinakes(SyncLifetime, ErrorNames):
    """A library folder and the conversations about it, for code without `async`; arguments as of `Pinakes`.

    Use it in a `with` block, or call `close` at the end; it opens with the first call. Any thread may call it, also
    where an event loop runs already, as in a notebook. Callbacks run in the client's own thread.
    """

    @functools.wraps(Pinakes.chat_session, assigned=())
    def chat_session(self, **options: Any) -> Any:
        """Return a session that is open already, with or without a `with` block; `session_id` comes back to one."""
        return self._bridge.call(self._target.chat_session, **options).__enter__()


globals().update({bridge.sync_name(cls.__name__): bridge.sync_class(cls) for cls in BRIDGED})

for _name, _member in bridge.members(Pinakes).items():
    if not hasattr(SyncPinakes, _name):
        setattr(SyncPinakes, _name, _member)
functools.update_wrapper(SyncPinakes.__init__, Pinakes.__init__)
