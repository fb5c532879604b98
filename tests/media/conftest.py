from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("av") else ["test_videos.py", "test_media_agents.py"]
