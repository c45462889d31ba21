"""Requests as they come off the wire, and the refusal of what is none.

waitress' parser reads them. Where it lets pass what another server might understand differently, or
refuses what can be answered, it is put right here; RFC 9112 says how.
"""

import re
import time

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

from web.app import shared_of
from web.headers import API_HEADERS
from web.problems import Problem, code_of, problem_json
from web.request_log import Answered

_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads one request."""

    path: str

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ParsingError for what has no meaning, or two."""
        line, end, fields = header_plus.partition(b"\r\n")
        # Letters that a terminal sends as they are: to be read as if they had been encoded.
        line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line)
        try:
            super().parse_header(line + end + fields)
        except ValueError as error:
            raise ParsingError("The address cannot be read") from error
        # Whoever stands between might believe the other length, and take the rest for a request.
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length beside Transfer-Encoding")
        if "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding in another version of HTTP than 1.1")
        if self.proxy_netloc:
            # An address that names its host counts for more than the header.
            self.headers["HOST"], self.path = self.proxy_netloc, self.path or "/"
        if "," in self.headers.get("HOST", ""):
            raise ParsingError("More than one Host")
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("No Host")
        if self.body_rcv is None:
            # There is nothing to be told to go on with; the library would wait for it for ever.
            self.expect_continue = False


class Refused(ErrorTask):  # type: ignore[misc]
    """Answers what is no request as all refusals are answered, counts it and logs it."""

    def execute(self) -> None:
        request, error = self.request, self.request.error
        body = problem_json(Problem(error.code, code_of(error.code), f"{error.body}."))
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Cache-Control", "no-store"),
            *API_HEADERS.items(),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
        path = getattr(request, "path", "").encode("latin-1").decode("utf-8", "replace")
        method = getattr(request, "command", "")
        answered = Answered("", method, path, error.code, len(body), None, None)
        shared_of(self.channel.server.application).note(answered, time.time() - self.start_time)
