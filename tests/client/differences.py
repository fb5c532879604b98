"""Where we differ from the hosted client's surface on purpose, and why: all of it, nothing else may differ.

Keys are "Class.member"; `BY_MEANING` holds what no signature shows.
"""

from __future__ import annotations

DIFFERENCES: dict[str, str] = {
    "ChatResource.send_stream": "Returns, without await, a stream to iterate with async for, which is also a context "
    "manager with id, cancel() and aclose().",
    "ChatSessionContext.send_stream": "As of ChatResource.",
    "Pinakes.chat_stream": "As of ChatResource.",
}

_PLUMBING = "Plumbing of the hosted product's agents that no call returns: ours are described by AgentCard and hand on "
_TYPED = _PLUMBING + "Evidence, Table and StepResult, which graph and tools take as they are."

LEFT_OUT: dict[str, str] = {
    "CircuitBreakerError": "There is no circuit breaker: retries are bounded, and a model that fails gives way to the "
    "fallback model and to the local way.",
    "_SyncResourceBase": "Private to the hosted client: ours makes its sync classes from the async ones.",
    **dict.fromkeys(("ExecutionContext", "TypedSlot"), _TYPED),
    **dict.fromkeys(("AgentCapability", "AgentContract", "TypedInput", "TypedOutput"), _TYPED),
    **dict.fromkeys(
        (
            "AnalysisResult",
            "CategorizationResult",
            "Category",
            "CrossRefResult",
            "DataTypeDefinition",
            "DataTypeRegistry",
            "FolderResult",
            "TextResult",
        ),
        _TYPED,
    ),
}
"""Classes of the surface that ours has not, and never will."""

COMING: dict[str, str] = {}
"""Classes and members of the surface that are being built; this list only shrinks."""

BY_MEANING: dict[str, str] = {
    "FilesResource.upload_batch": "A batch may have any number of files, so that whole folders go in at once; "
    "prepared batches have 1 to 100, as the hosted ones.",
    "FilesResource.download_url": "A file:// address of a copy under the file's own name: there is no server to sign "
    "one; so have variants and prepared uploads.",
    "FilesResource.delete": "A deleted file can be restored for 30 days, and client.undo() takes the deletion back.",
    "FilesResource.update": "Tags are journaled; a title is no part of the journal, so undo leaves it.",
    "UploadResource.wait_for_description": "Nothing is polled: it returns when the file is read, so poll_interval "
    "says nothing; the same of documents.wait_for_processing.",
    "UploadResource.check_quota": "An own library has no monthly limit: the numbers of the hosted product stand at "
    "2,147,483,647, and what decides are the disk and the 200 open batches.",
    "DocumentsResource.search": "A passage passes the threshold by its score, which is how likely it bears on the query, "
    "or by the cosine of the meanings, which is in its similarity.",
    "DescribeResource.describe": "There are no rule sets and no choice of providers; without a prompt the settings say how "
    "many calls run at once and how long one may take.",
    "ChatResource.send": "Other expected_image_ids than selected become the session's selection.",
    "ChatResource.update_domain": "Domains are data files, shipped or one's own; an unknown one is refused by name.",
    "ChatSession.remaining_messages": "A conversation has no end: this and remaining_tokens stand at 2,147,483,647.",
    "ChatTokenType.CLOSE": "There is no connection that could close, ping or reconnect: a stream begins with connection "
    "and ends with complete, error or cancelled.",
    "ChatResource.close_session": "Sending to a closed session opens it again.",
    "ColorsResource.batch_extract": "Returns when it is done instead of queueing.",
    "ColorsResource.search": "Delta-E is that of CIE 1976.",
    "UserFile.blur_hash": "Always None: thumbnails come inline.",
    "FullDescription.confidence_score": "Always None: models give no measured confidence.",
    "UserFileDetails.processing_history": "The last reading alone: earlier ones are not kept.",
    "LinksResource.create": "An address that is known, spelled in whichever way, gives the link that is there, with "
    "is_duplicate. Only the public web is fetched, but for hosts that a setting allows.",
    "LinksResource.recrawl": "As often as wanted: next_allowed_recrawl is always None. A page that cannot be fetched "
    "again stays as it was; the link is failed and says why.",
    "LinksResource.wait_for_crawl": "Nothing is polled; a failed crawl is an answer, not an error.",
    "VideoUploadsResource.initiate": "Parts are written to file:// addresses in the library's folder, or by "
    "upload_chunk; an etag is the part's MD5 or SHA-256. Videos have up to 2 GB.",
    "VideoUploadsResource.complete": "A known video gives the one that is there, under its id. duration_seconds says "
    "nothing: it is measured. With auto_analyze=False a video is read when it is queued, or at the next opening.",
    "VideoUploadsResource.batch_initiate": "auto_process and the priority say nothing: each video is completed for itself.",
    "VideoUploadsResource.upload": "upload_one also goes on with an unfinished upload: resume=media_id.",
    "VideoAnalysisResource.queue": "Every analysis_type does all that is possible without a model, and a priority says "
    "nothing: one person's videos are read in the order in which they came.",
    "VideoAnalysisResource.wait_for_completion": "A failed analysis is an answer, not an error. A video has one job, "
    "whose id is the video's; progress is 0 or 100 percent.",
    "VideoScene.confidence_score": "Always None: scenes are found by measuring frames. Descriptions tell what was "
    "measured, tags are colours.",
    "VideoAbortResult.s3_cleanup": "Always False: there is no bucket.",
    "AgentOperationsResource.organize": "An empty list of ids, or an id that is not in the library, is an error: it must "
    "never come to mean everything. So it is with synthesize and analyze_documents.",
    "DocumentsResource.upload": "Refuses files that are no documents; client.uploads and client.files take all kinds.",
    "PipelineResult.steps": "Their StepResult is called PipelineStepResult: ours of that name is what an agent gives.",
    "SyncPinakes.chat_session": "send_stream works in it too.",
    "SyncPinakes.async_client": "It runs in the sync client's own thread: nothing of it can be awaited elsewhere.",
    "FoldersResource.delete": "A folder that comes back by undo has a new id.",
}
