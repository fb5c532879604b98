"""What a client gives out, each made once over an open library."""

from __future__ import annotations

from typing import Any

from langgraph.graph.state import CompiledStateGraph

from pinakes.client.agent_operations import AgentOperationsResource
from pinakes.client.agent_search import AgentSearchResource
from pinakes.client.chats import ChatResource
from pinakes.client.descriptions import DescribeResource
from pinakes.client.file_resources import FileResources
from pinakes.client.links import LinksResource
from pinakes.client.pipeline_runs import PipelineRuns
from pinakes.client.reports import ReportsResource
from pinakes.client.turns import TurnRunner
from pinakes.client.video_analysis import VideoAnalysisResource
from pinakes.client.video_scenes import VideoScenesResource
from pinakes.client.video_uploads import VideoUploadsResource
from pinakes.client.whole_library import WholeLibrary
from pinakes.client.wiring import OpenLibrary

Graph = CompiledStateGraph[Any, Any, Any, Any]


def resources_of(opened: OpenLibrary, turns: TurnRunner) -> dict[str, Any]:
    """Return every resource by its name on the client."""
    library, ingestor, resources = opened.library, opened.ingestor, opened.resources
    folder = opened.settings.folder
    files = FileResources.of(library, ingestor, folder)
    analysis = VideoAnalysisResource(library, ingestor)
    return {
        "files": files.files,
        "uploads": files.uploads,
        "documents": files.documents,
        "folders": files.folders,
        "colors": files.colors,
        "descriptions": DescribeResource(resources, opened.describing, files.uploads),
        "describing": opened.describing,
        "links": LinksResource(library, ingestor, opened.crawler),
        "video_uploads": VideoUploadsResource(library, ingestor, folder / "video-uploads", analysis),
        "video_analysis": analysis,
        "video_scenes": VideoScenesResource(library),
        "chats": ChatResource(library, turns, resources.defaults, resources.domains),
        "agent_search": AgentSearchResource(resources),
        "agent_operations": AgentOperationsResource(resources),
        "reports": ReportsResource(library),
        "pipelines": PipelineRuns(resources),
        "whole_library": WholeLibrary(opened),
    }
