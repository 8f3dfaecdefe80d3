"""The real client against a server that answers as Canvas's documentation of its API says."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from tests.exports.conftest import SMALL

USERS = [
    {"id": 11, "name": "Block, J", "login_id": "jblock3430"},
    {"id": 12, "name": "Two", "sis_user_id": "2"},
    {"id": 13, "name": "Hope", "login_id": "hope"},
]


class Server(ThreadingHTTPServer):
    posted: list[tuple[str, dict[str, list[str]]]]
    state = "completed"
    points_possible: float | None = None
    uploaded: list[bytes]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, document: Any, status: int = 200) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.headers["Authorization"] != "Bearer right":
            self._answer({"errors": []}, 401)
        elif path == "/api/v1/courses/5":
            self._answer({"id": 5})
        elif path == "/api/v1/courses/5/assignments/7":
            self._answer({"id": 7, "course_id": 5, "points_possible": self.server.points_possible})
        elif path == "/api/v1/courses/5/search_users":
            self._answer(USERS)
        elif path == "/api/v1/progress/1":
            self._answer({"id": 1, "workflow_state": self.server.state})
        elif found := re.fullmatch(r"/api/v1/courses/5/assignments/7/submissions/(\d+)", path):
            self._answer({"id": 1, "user_id": int(found[1]), "assignment_id": 7})
        else:
            self._answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/upload":
            self.server.uploaded.append(body)
            self._answer({"id": 99, "url": "x"})
            return
        self.server.posted.append((self.path, parse_qs(body.decode())))
        if self.path.endswith("update_grades"):
            self._answer({"id": 1, "workflow_state": "queued"})
        else:
            self._answer(
                {"upload_url": f"http://127.0.0.1:{self.server.server_port}/upload", "upload_params": {"k": "v"}}
            )

    def do_PUT(self) -> None:
        self.server.posted.append((self.path, parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())))
        self._answer({"id": 1})


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as one:
        one.posted, one.uploaded = [], []
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
        yield one
        one.shutdown()


def send(server: Server, graded: Path, *words: str, token: str = "right", course: int = 5) -> Result:
    return CliRunner(env={"CANVAS_TOKEN": token}).invoke(
        main,
        [
            "export", "canvas-api", str(graded), "--url", f"http://127.0.0.1:{server.server_port}",
            "--course-id", str(course), "--assignment-id", "7", "--assignment", str(SMALL), *words,
        ],
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:Canvas may respond unexpectedly")
def test_a_dry_run_sends_nothing_and_sending_sends_once(server: Server, graded: Path, tmp_path: Path) -> None:
    done = send(server, graded)
    assert done.exit_code == 1
    assert not server.posted
    assert "2 grades would be sent" in done.output
    assert "1 graded, but not in the course: Zoë Smith" in done.output
    assert "1 in the course without a grade: Hope" in done.output
    (tmp_path / "jblock3430.pdf").write_bytes(b"%PDF-1.5 mine")
    done = send(server, graded, "--send", "--feedback", str(tmp_path))
    assert "2 without a PDF: 2, " in done.output
    assert "2 grades sent" in done.output
    grades = next(body for path, body in server.posted if path.endswith("update_grades"))
    assert set(grades) == {"grade_data[11][posted_grade]", "grade_data[12][posted_grade]"}
    assert len([path for path, _ in server.posted if path.endswith("update_grades")]) == 1
    assert len(server.uploaded) == 1
    assert b"%PDF-1.5 mine" in server.uploaded[0]


@pytest.mark.filterwarnings("ignore:Canvas may respond unexpectedly")
def test_what_canvas_refuses_takes_one_line_without_the_token(server: Server, graded: Path) -> None:
    for one, said in (
        (send(server, graded, token="a-wrong-token"), "refuses the token"),
        (send(server, graded, course=6), "no such course"),
        (send(server, graded, token=""), "CANVAS_TOKEN is not set"),
    ):
        assert one.exit_code == 2
        assert said in one.output
        assert "a-wrong-token" not in one.output
        assert one.output.count("\n") == 1
    plain = send(server, graded, "--url", "http://canvas.example.edu")
    assert (plain.exit_code, "https only" in plain.output) == (2, True)
    nowhere = send(server, graded, "--send", "--feedback", "/nowhere")
    assert (nowhere.exit_code, nowhere.output.count("\n")) == (2, 1)
    assert "/nowhere: no student's PDF is in it" in nowhere.output
    assert not server.posted
    server.points_possible = 10.5
    above = send(server, graded, "--send")
    assert (above.exit_code, above.output.count("\n")) == (2, 1)
    assert "earned 11.00, above Canvas's maximum 10.5" in above.output
    assert not server.posted
    server.points_possible = 0.0
    server.state = "failed"
    assert "did not accept the grades" in send(server, graded, "--send").output
    server.shutdown()
    server.server_close()
    assert "cannot be reached" in send(server, graded).output
