"""What is installed to serve, and what is known against it.

`audit.py LOCK SBOM COMMAND…` writes the bill of materials (CycloneDX) from the lock, whatever the
command says, which is pip-audit with its report as JSON. A known weakness fails, and so do a
package that its service does not know and a pip-audit that does not work. Where no service with
such knowledge can be reached, that is said, and no failure.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

_NOT_REACHED = re.compile(r"requests\.exceptions\.|could not connect|not redirecting", re.I)


def main(lock: str, sbom: str, *command: str) -> int:
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
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - the Makefile's
    try:
        asked = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines() or [f"nothing, exit code {done.returncode}"]
        print(f"Known weaknesses: NOT asked; pip-audit says: {said[-1]}")
        return 0 if _NOT_REACHED.search(done.stderr) else 1
    unknown = [each["skip_reason"] for each in asked if "skip_reason" in each]
    if asked and len(unknown) == len(asked):
        print(
            f"Known weaknesses: NOT asked; the service that answers here knows none of the "
            f"{len(asked)} packages, as a mirror without such knowledge does: {unknown[0]}"
        )
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
    sys.exit(main(*sys.argv[1:]))
