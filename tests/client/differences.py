"""Where we differ from the hosted client's surface on purpose, and why: all of it, nothing else may differ.

Keys are "Class.member"; `BY_MEANING` holds what no signature shows.
"""

from __future__ import annotations

DIFFERENCES: dict[str, str] = {}

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
    "ColorsResource.batch_extract": "Returns when it is done instead of queueing.",
    "ColorsResource.search": "Delta-E is that of CIE 1976.",
    "UserFile.blur_hash": "Always None: thumbnails come inline.",
    "FullDescription.confidence_score": "Always None: models give no measured confidence.",
    "UserFileDetails.processing_history": "The last reading alone: earlier ones are not kept.",
    "UploadResult.tags": "Lists in results are tuples: results do not change.",
    "FoldersResource.delete": "A folder that comes back by undo has a new id.",
}
