"""An answer as the OpenAPI document shows it; a test holds it to the shape of `search.wire`."""

from collections.abc import Mapping
from typing import Any

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
