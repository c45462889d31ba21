"""What is installed to serve, and what is known against it: pip-audit's report (JSON) on stdin.

`audit.py LOCK SBOM` writes the bill of materials (CycloneDX) from the lock, whatever the report
says, and fails for a known weakness or a package that was not asked about. Where the service could
not be asked at all, that is said, and no failure.
"""

import json
import re
import sys
from pathlib import Path


def main(lock: str, sbom: str, report: str) -> int:
    """Returns the exit code."""
    text = Path(lock).read_text(encoding="utf-8")
    locked = re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [
            {"type": "library", "name": name, "version": version, "purl": _purl(name, version)}
            for name, version in locked
        ],
    }
    Path(sbom).write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    print(f"{sbom}: {len(locked)} packages")
    try:
        asked = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        asked = []
    unknown = [each["skip_reason"] for each in asked if "skip_reason" in each]
    if len(unknown) == len(asked):
        print("Known weaknesses: NOT asked, pip-audit cannot reach its service from here")
        return 0
    weak = [
        f"{each['name']} {each['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for each in asked
        for found in each.get("vulns", ())
    ]
    print("\n".join(weak + unknown) or f"Known weaknesses: none in {len(asked)} packages")
    return 1 if weak or unknown else 0


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.stdin.read()))
