"""Answers and refusals as the OpenAPI document shows them; tests hold them to their shapes."""

from collections.abc import Mapping
from typing import Any

from web.problems import Problem

EXAMPLE: Mapping[str, Any] = {
    "query": "kuberntes",
    "interpreted": "kubernetes",
    "corrections": [{"from": "kuberntes", "to": "kubernetes"}],
    "complete_episodes": 1,
    "partial": False,
    "missing": [],
    "related": [],
    "exact_url": "/api/v1/search?q=kuberntes&exact=1",
    "found_episodes": 1,
    "found_moments": 1,
    "page": 1,
    "per_page": 10,
    "prev": None,
    "next": None,
    "took_ms": 0.8,
    "index": {
        "generation": "000007-5f3a9c",
        "built_at": "2026-11-24T10:31:07Z",
        "episodes": 12,
        "moments": 154,
    },
    "facets": {
        "tag": [{"value": "kubernetes", "label": "Kubernetes", "count": 1}],
        "guest": [{"value": "Ada Moor", "label": "Ada Moor", "count": 1}],
        "category": [{"value": "podcast", "label": "podcast", "count": 1}],
        "year": [{"value": "2024", "label": "2024", "count": 1}],
    },
    "results": [
        {
            "id": "podcast/9-a-bird-song-archive",
            "number": 9,
            "category": "podcast",
            "title": "A Bird Song Archive",
            "title_html": "A Bird Song Archive",
            "description_html": "Nine terabytes of bird song leave <mark>Kubernetes</mark>.",
            "url": "https://show.example/podcast/9-a-bird-song-archive",
            "audio_url": "https://show.example/9.mp3",
            "date": "2024-09-09",
            "duration": 4260,
            "guests": ["Ada Moor"],
            "tags": ["kubernetes"],
            "score": 12.3,
            "found_moments": 1,
            "timeline": [2862],
            "moments": [
                {
                    "start": 2862,
                    "end": 3282,
                    "time": "47:42",
                    "text": "Why Kubernetes had to go",
                    "html": "Why <mark>Kubernetes</mark> had to go",
                    "url": "https://show.example/podcast/9-a-bird-song-archive#47:42",
                    "audio_url": "https://show.example/9.mp3#t=2862",
                    "score": 9.1,
                }
            ],
            "missing": [],
        }
    ],
}

PROBLEMS = {
    "BadParameter": (
        "A parameter cannot be used: `parameter` names it, `detail` says why.",
        Problem(400, "bad_parameter", "per_page must be a whole number from 1 to 50", "per_page"),
    ),
    "TooLong": (
        "The address is too long.",
        Problem(414, "uri_too_long", "The address is longer than 8192 bytes."),
    ),
    "TooMany": (
        "Too many requests from one address; `Retry-After` says when to come back.",
        Problem(429, "too_many_requests", "Wait a moment and try again.", retry_after=1),
    ),
    "Unavailable": (
        "No index yet, or too busy; `detail` says what to do, `Retry-After` when.",
        Problem(503, "busy", "Try again in a moment.", retry_after=1),
    ),
    "NotFound": (
        "There is nothing at this address, or not for whoever asks.",
        Problem(404, "not_found", "There is nothing at this address."),
    ),
}
"""Each kind of refusal: when it comes, and one of its kind."""
