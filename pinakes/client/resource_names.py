"""A client's resources by their names, wherever they run."""

from __future__ import annotations

from typing import TypeVar

from pinakes.client.agent_operations import AgentOperationsResource
from pinakes.client.agent_search import AgentSearchResource
from pinakes.client.chats import ChatResource
from pinakes.client.colors import ColorsResource
from pinakes.client.describing import Describing
from pinakes.client.descriptions import DescribeResource
from pinakes.client.documents import DocumentsResource
from pinakes.client.files import FilesResource
from pinakes.client.folders import FoldersResource
from pinakes.client.links import LinksResource
from pinakes.client.pipeline_runs import PipelineRuns
from pinakes.client.pipelines import Pipeline
from pinakes.client.reports import ReportsResource
from pinakes.client.uploads import UploadResource
from pinakes.client.video_analysis import VideoAnalysisResource
from pinakes.client.video_scenes import VideoScenesResource
from pinakes.client.video_uploads import VideoUploadsResource
from pinakes.client.whole_library import WholeLibrary

Resource = TypeVar("Resource")


class ResourceNames:
    """The part of a client that gives out resources; `_resource` knows where they run."""

    def _resource(self, name: str, kind: type[Resource]) -> Resource:
        raise NotImplementedError

    @property
    def files(self) -> FilesResource:
        """Uploading, listing and searching files."""
        return self._resource("files", FilesResource)

    @property
    def uploads(self) -> UploadResource:
        """Uploading with callbacks for every step."""
        return self._resource("uploads", UploadResource)

    @property
    def documents(self) -> DocumentsResource:
        """The same files, seen as documents alone."""
        return self._resource("documents", DocumentsResource)

    @property
    def folders(self) -> FoldersResource:
        """The library's folders."""
        return self._resource("folders", FoldersResource)

    @property
    def colors(self) -> ColorsResource:
        """The colours of pictures, and pictures by colour."""
        return self._resource("colors", ColorsResource)

    @property
    def descriptions(self) -> DescribeResource:
        """Pictures in a model's words, one by one."""
        return self._resource("descriptions", DescribeResource)

    @property
    def describing(self) -> Describing:
        """Having pictures described by a model, so that they are found by what they show."""
        return self._resource("describing", Describing)

    @property
    def links(self) -> LinksResource:
        """Web pages by their address, fetched or saved."""
        return self._resource("links", LinksResource)

    @property
    def video_uploads(self) -> VideoUploadsResource:
        """Uploading videos whole, or part by part."""
        return self._resource("video_uploads", VideoUploadsResource)

    @property
    def video_analysis(self) -> VideoAnalysisResource:
        """Having videos read, and how far that came."""
        return self._resource("video_analysis", VideoAnalysisResource)

    @property
    def video_scenes(self) -> VideoScenesResource:
        """The scenes of videos and their pictures."""
        return self._resource("video_scenes", VideoScenesResource)

    @property
    def chats(self) -> ChatResource:
        """Sessions and messages."""
        return self._resource("chats", ChatResource)

    @property
    def agent_search(self) -> AgentSearchResource:
        """Single searches by the agents, without a conversation."""
        return self._resource("agent_search", AgentSearchResource)

    @property
    def agent_operations(self) -> AgentOperationsResource:
        """Reports, analyses and tidying up, without a conversation."""
        return self._resource("agent_operations", AgentOperationsResource)

    @property
    def reports(self) -> ReportsResource:
        """Reports that were written: their files, and whether they still hold."""
        return self._resource("reports", ReportsResource)

    @property
    def pipelines(self) -> PipelineRuns:
        """Running what `pipeline` puts together."""
        return self._resource("pipelines", PipelineRuns)

    @property
    def whole_library(self) -> WholeLibrary:
        """What the library can be asked as a whole; each is a method of the client, too."""
        return self._resource("whole_library", WholeLibrary)

    def pipeline(self) -> Pipeline:
        """Return an empty pipeline: chain steps, then `run` it."""
        return Pipeline(self.pipelines)
