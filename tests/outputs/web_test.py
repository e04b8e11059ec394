#!/usr/bin/env python3
"""The web output with clients that are not ours: curl, a WebSocket, and sockets that misbehave.
web_test.py WEB_TEST_SERVER"""

import json
import select
import shutil
import socket
import subprocess
import sys
import time
import unittest

from web_client import PATIENCE, Refused, Server, WebSocket

PROGRAM = sys.argv.pop(1)


class WithServer(unittest.TestCase):
    people = 2
    spec = "web:{port}"

    def setUp(self):
        self.server = Server(PROGRAM, self.people, self.spec)
        self.addCleanup(self.stop)
        self.assertTrue(self.server.address, self.server.first)

    def stop(self):
        code, _ = self.server.stop()
        self.assertEqual(code, 0)

    def curl(self, path, *arguments):
        """Status, headers and body."""
        run = subprocess.run(["curl", "-sS", "-i", "--max-time", str(PATIENCE), *arguments,
                              f"http://127.0.0.1:{self.server.port}{path}"], capture_output=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        head, _, body = run.stdout.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            head, _, body = body.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), headers, body.decode(errors="replace")

    def post(self, path, body, *arguments):
        return self.curl(path, "--data-binary", body, "-H", f"X-Mien-Token: {self.server.token}", *arguments)

    def raw(self, sent):
        """What comes back for these bytes until the other side closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.sendall(sent)
            answer = b""
            try:
                while piece := client.recv(65536):
                    answer += piece
            except ConnectionResetError:
                pass
            return answer

    def refused(self, **arguments):
        with self.assertRaises(Refused) as caught:
            WebSocket(self.server.port, **arguments)
        return caught.exception.status


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Http(WithServer):
    def test_state_is_one_json(self):
        socket = WebSocket(self.server.port)
        socket.message()
        status, headers, body = self.curl("/state")
        self.assertEqual(status, 200)
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(headers["cache-control"], "no-store")
        self.assertNotIn("access-control-allow-origin", headers)
        state = json.loads(body)
        self.assertEqual((state["type"], state["version"], state["program"]), ("state", 1, "mien test"))
        self.assertEqual(state["listeners"], 1)
        self.assertEqual([person["name"] for person in state["frame"]["people"]],
                         ["Ada", "Maximiliane-Friederike von Hohenstaufen-Weißenburg"])
        socket.close()

    def test_pages_and_their_parts(self):
        for path, kind in {"/": "text/html; charset=utf-8", "/dashboard": "text/html; charset=utf-8", "/overlay.css": "text/css; charset=utf-8",
                           "/live.js": "text/javascript; charset=utf-8", "/fonts/regular.otf": "font/otf"}.items():
            status, headers, body = self.curl(path)
            self.assertEqual((status, headers["content-type"]), (200, kind), path)
            self.assertGreater(len(body), 300, path)
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            if "html" in kind:
                self.assertIn("default-src 'none'", headers["content-security-policy"])
                self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
                self.assertNotIn("unsafe", headers["content-security-policy"])

    def test_nothing_else_is_there(self):
        for path in ("/nothing", "/etc/passwd", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/ws/", "//", "/fonts/"):
            status, _, body = self.curl(path, "--path-as-is")
            self.assertEqual(status, 404, path)
            self.assertNotIn("root:", body)
        for method in ("PUT", "DELETE", "HEAD", "PROPFIND", "OPTIONS"):
            # curl waits for the body of an answer to HEAD unless it is told so.
            status, headers, _ = self.curl("/state", *(["-I"] if method == "HEAD" else ["-X", method]))
            self.assertEqual((status, headers["allow"]), (405, "get"), method)
        self.assertEqual(self.curl("/marker")[0], 405)

    def test_commands_with_the_token(self):
        self.assertEqual(self.post("/marker", '{"text": "stimulus 1"}')[0], 202)
        self.assertEqual(self.server.line(), "command marker 0 stimulus 1")
        for path, line in {"/record/start": "command record_start 0 ", "/record/stop": "command record_stop 0 ",
                           "/neutral": "command neutral 0 "}.items():
            status, _, body = self.post(path, "")
            self.assertEqual((status, json.loads(body)), (202, {"ok": True}))
            self.assertEqual(self.server.line(), line)
        self.assertEqual(self.post("/neutral", '{"person": 3}')[0], 202)
        self.assertEqual(self.server.line(), "command neutral 3 ")
        bearer = ("-H", f"Authorization: Bearer {self.server.token}")
        self.assertEqual(self.curl("/marker", "-d", '{"text": "two\\nlines"}', *bearer)[0], 202)
        self.assertEqual(self.server.line(), "command marker 0 two lines")

    def test_commands_without_the_right_token(self):
        for headers in ((), ("-H", "X-Mien-Token: 0"), ("-H", "Authorization: Bearer " + "0" * 32), ("-H", "Authorization: Basic YTpi")):
            status, answer, body = self.curl("/marker", "-d", '{"text": "x"}', *headers)
            self.assertEqual(status, 401, headers)
            self.assertIn("token", json.loads(body)["error"])
            self.assertIn("bearer", answer["www-authenticate"])
        self.assertEqual(self.curl("/state", "-H", "X-Mien-Token: 0")[0], 401)
        self.assertTrue(self.server.lines.empty())

    def test_bad_bodies_are_sentences(self):
        for body in ("", "{", "[]", '"text"', "{}", '{"text": 3}', '{"text": "  "}', json.dumps({"text": "x" * 1001}), "[" * 5000):
            status, _, answer = self.post("/marker", body)
            self.assertEqual(status, 400, body[:40])
            self.assertTrue(json.loads(answer)["error"].endswith("."), answer)
        for body in ('{"person": -1}', '{"person": "1"}', '{"person": 1.5}', '{"person": 99999999999}'):
            self.assertEqual(self.post("/neutral", body)[0], 400, body)
        self.assertTrue(self.server.lines.empty())

    def test_commands_that_nobody_takes(self):
        self.server.tell("refuse")
        self.server.status()
        status, _, body = self.post("/record/start", "")
        self.assertEqual(status, 503)
        self.assertIn("takes no commands", json.loads(body)["error"])

    def test_a_gigabyte(self):
        before = self.server.status()["peak_mb"]
        told = self.raw(b"POST /marker HTTP/1.1\r\nHost: localhost\r\nX-Mien-Token: " + self.server.token.encode() +
                        b"\r\nContent-Length: 1073741824\r\n\r\n" + b"x" * 300_000)
        self.assertIn(b" 413 ", told.split(b"\r\n")[0])
        with subprocess.Popen(["head", "-c", "1073741824", "/dev/zero"], stdout=subprocess.PIPE) as zeros:
            run = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"X-Mien-Token: {self.server.token}", "-X", "POST",
                                  "-T", "-", f"http://127.0.0.1:{self.server.port}/marker"], stdin=zeros.stdout, capture_output=True, check=False)
            zeros.stdout.close()
            self.assertEqual(run.stdout, b"411")  # a stream has no length
            zeros.kill()
        self.assertLess(self.server.status()["peak_mb"], before + 20)
        self.assertEqual(self.curl("/state")[0], 200)

    def test_a_refusal_does_not_wait_for_the_body(self):
        length = 40
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as client:
            client.sendall(b"POST /marker HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % length)
            sent = 0
            while sent < length and not select.select([client], [], [], 0.5)[0]:
                client.sendall(b"x")
                sent += 1
            self.assertLess(sent, length, "it waited for the whole body")
            self.assertIn(b" 401 ", client.recv(65536).split(b"\r\n")[0])

    def test_malformed_requests(self):
        for request in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET /state\r\n\r\n", b"GET /state HTTP/9.9\r\nHost: localhost\r\n\r\n",
                        b"\x00\xff\x16\x03\x01" * 200 + b"\r\n\r\n", b"GET /state HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
                        b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n\r\n", b"POST /marker HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                        b"POST /marker HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n", b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        b"GET http://evil.example/state HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /state HTTP/1.1\r\n\r\n"):
            answer = self.raw(request)
            self.assertNotIn(b" 200 ", answer.split(b"\r\n")[0] + b" ", request[:60])
            self.assertNotIn(b"\"people\"", answer)
        self.assertEqual(self.curl("/state")[0], 200)

    def test_foreign_pages_neither_read_nor_command(self):
        foreign = ("http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://localhost:{port}", "file://")
        for origin in foreign:
            origin = origin.format(port=self.server.port)
            status, headers, body = self.curl("/state", "-H", f"Origin: {origin}")
            self.assertEqual(status, 403, origin)
            self.assertNotIn("people", body)
            self.assertNotIn("access-control-allow-origin", headers)
            self.assertEqual(self.refused(headers={"Origin": origin}), 403)
            self.assertIn(self.curl("/marker", "-d", '{"text": "x"}', "-H", f"Origin: {origin}")[0], (401, 403))
        self.assertEqual(self.curl("/state", "-H", "Sec-Fetch-Site: cross-site", "-H", "Sec-Fetch-Mode: no-cors")[0], 403)
        # A link on another page leads to the page, which holds nothing itself.
        self.assertEqual(self.curl("/", "-H", "Sec-Fetch-Site: cross-site", "-H", "Sec-Fetch-Mode: navigate")[0], 200)
        own = f"Origin: http://127.0.0.1:{self.server.port}"
        self.assertEqual(self.curl("/state", "-H", own)[0], 200)
        self.assertTrue(self.server.lines.empty())

    def test_a_foreign_page_that_was_given_the_token(self):
        origin = ("-H", "Origin: https://experiment.example")
        status, headers, _ = self.curl("/marker", "-X", "OPTIONS", *origin, "-H", "Access-Control-Request-Method: POST")
        self.assertEqual((status, headers["access-control-allow-origin"], headers["access-control-allow-methods"]),
                         (204, "https://experiment.example", "post"))
        self.assertIn("x-mien-token", headers["access-control-allow-headers"])
        status, headers, _ = self.post("/marker", '{"text": "from elsewhere"}', *origin)
        self.assertEqual((status, headers["access-control-allow-origin"]), (202, "https://experiment.example"))
        self.assertEqual(self.server.line(), "command marker 0 from elsewhere")
        status, headers, _ = self.curl(f"/state?token={self.server.token}", *origin)
        self.assertEqual((status, headers["access-control-allow-origin"]), (200, "https://experiment.example"))
        self.assertEqual(headers["vary"], "origin")

    def test_names_that_lead_here_from_elsewhere(self):
        for host in ("evil.example", f"evil.example:{self.server.port}", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::1]",
                     "localhost:x", "0x7f.1"):
            for path in ("/", "/state"):
                self.assertEqual(self.curl(path, "-H", f"Host: {host}" if host else "Host;")[0], 403, host)
            self.assertEqual(self.refused(headers={"Host": host}), 403, host)
        for host in ("localhost", f"LOCALHOST:{self.server.port}", "127.0.0.1", "localhost:9000"):
            self.assertEqual(self.curl("/state", "-H", f"Host: {host}")[0], 200, host)


class Listeners(WithServer):
    def consecutive(self, listener, count, before=None):
        """Reads so many frames, none of which is lost while no more wait than may; their numbers follow each other."""
        numbers = [] if before is None else [before]
        for _ in range(count):
            self.server.push()
            numbers.append(listener.message()["frame"])
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        return numbers[-1]

    def test_frames_in_order(self):
        self.server.hold()
        socket = WebSocket(self.server.port)
        last = self.consecutive(socket, 10)
        self.server.push(2)
        self.assertEqual([socket.message()["frame"] for _ in range(2)], [last + 1, last + 2])
        self.server.push()
        frame = socket.message()
        self.assertEqual((frame["version"], frame["width"], frame["height"]), (1, 1280, 720))
        self.assertLess(abs(time.time() - frame["unix_time"]), PATIENCE)
        self.assertEqual([label["id"] for label in frame["labels"]][:2], ["neutral", "happiness"])
        person = frame["people"][0]
        self.assertAlmostEqual(sum(person["expressions"].values()), 1, places=2)
        self.assertEqual(len(person["geometry"]["movements"]), 26)
        socket.close()

    def test_the_newest_frame_at_once_and_markers_in_between(self):
        WebSocket(self.server.port).message()
        self.server.hold()
        socket = WebSocket(self.server.port)
        self.assertEqual(len(socket.message()["people"]), 2)
        self.server.tell("mark a text with ümlaut")
        self.assertEqual(socket.message("marker")["text"], "a text with ümlaut")

    def test_it_answers_pings_and_closes(self):
        socket = WebSocket(self.server.port)
        socket.send(9, b"are you there")
        while (frame := socket.receive())[0] != 10:
            pass
        self.assertEqual(frame[1], b"are you there")
        socket.send(1, b"a message that nobody wants" * 100)
        socket.message()
        socket.send(8, b"\x03\xe8bye")
        self.assertEqual(socket.close_code(), 1000)
        self.assertTrue(self.server.wait_listeners(0))

    def test_frames_that_lie(self):
        before = self.server.status()["peak_mb"]
        for opcode, announced in ((1, 2**31), (2, 2**62), (9, 126), (3, 0), (0, 5), (1, 2**63)):
            socket = WebSocket(self.server.port)
            socket.send(opcode, b"", announced=announced)
            if opcode in (3, 9, 0) or announced == 2**63:
                self.assertEqual(socket.close_code(), 1002, opcode)
            else:
                try:  # far more than it is worth
                    for _ in range(64):
                        socket.socket.sendall(b"x" * 1024 * 1024)
                    self.fail("nobody stopped it")
                except OSError:
                    pass
            socket.close()
        unmasked = WebSocket(self.server.port)
        unmasked.socket.sendall(b"\x81\x02hi")
        self.assertEqual(unmasked.close_code(), 1002)
        self.assertLess(self.server.status()["peak_mb"], before + 30)
        self.assertTrue(self.server.wait_listeners(0))

    def test_handshakes_that_are_none(self):
        # Without a version that is known, and without a key: civetweb's own sentences.
        self.assertIn(self.refused(headers={"Sec-WebSocket-Version": "1"}), (400, 426))
        answer = self.raw(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        self.assertIn(b" 400 ", answer.split(b"\r\n")[0])
        answer = self.raw(b"GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertIn(b" 426 ", answer.split(b"\r\n")[0])
        self.assertEqual(self.refused(path="/other"), 404)
        self.assertEqual(self.refused(path="//ws"), 404)

    def test_a_listener_that_never_reads_is_dropped(self):
        self.server.tell("people 60")
        self.server.hold()
        silent = WebSocket(self.server.port)
        silent.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reading = WebSocket(self.server.port)
        # The handshake is answered before the listener is counted.
        self.assertTrue(self.server.wait_listeners(2))
        before = self.server.status()["peak_mb"]
        last = None
        deadline = time.monotonic() + PATIENCE
        while self.server.status()["listeners"] == 2 and time.monotonic() < deadline:
            last = self.consecutive(reading, 10, last)
        self.assertEqual(self.server.status()["listeners"], 1)
        self.consecutive(reading, 1, last)  # it is still there
        self.assertLess(self.server.status()["peak_mb"], before + 30)

    def test_at_most_so_many(self):
        sockets = [WebSocket(self.server.port) for _ in range(32)]
        for each in sockets:
            each.message()
        self.assertEqual(self.refused(), 503)
        self.assertEqual(self.server.status()["listeners"], 32)
        sockets.pop().close()
        self.assertTrue(self.server.wait_listeners(31))
        sockets.append(WebSocket(self.server.port))
        sockets[-1].message()
        for each in sockets:
            each.close()

    def test_a_thousand_connections_that_say_nothing(self):
        self.server.hold()
        listener = WebSocket(self.server.port)
        before = self.server.status()["peak_mb"]

        idle = [socket.socket() for _ in range(1000)]
        for each in idle:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", self.server.port))  # most of them wait for the system to take them
        for each in idle[::3]:
            try:
                each.sendall(b"GET /sta")
            except OSError:
                pass
        self.assertEqual(self.server.status()["problem"], "")  # they may yet ask
        last = self.consecutive(listener, 60)
        deadline = time.monotonic() + PATIENCE
        while not self.server.status()["problem"].startswith("Connections that ask for nothing fill the web output"):
            self.assertLess(time.monotonic(), deadline)
            last = self.consecutive(listener, 10, last)
        self.assertLess(self.server.status()["peak_mb"], before + 30)
        for each in idle:
            each.close()
        deadline = time.monotonic() + PATIENCE
        while b" 200 " not in self.raw(b"GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            self.assertLess(time.monotonic(), deadline)
        deadline = time.monotonic() + PATIENCE
        while self.server.status()["problem"]:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)

    def test_slow_requests_do_not_stay(self):
        slow = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        answer = None
        for letter in b"GET /state HTTP/1.1\r\nX: " + b"y" * 1000:
            try:
                slow.sendall(bytes([letter]))
                slow.settimeout(0.3)
                answer = slow.recv(100)
                break
            except socket.timeout:
                continue
            except OSError:
                answer = b""
                break
        self.assertIsNotNone(answer, "it was listened to without end")
        self.assertNotIn(b" 200 ", answer)

    def test_stopping_says_goodbye(self):
        listener = WebSocket(self.server.port)
        listener.message()
        code, _ = self.server.stop()
        self.assertEqual(code, 0)
        self.assertEqual(listener.close_code(), 1001)
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE).close()


class Ports(unittest.TestCase):
    def test_a_port_that_is_taken(self):
        first = Server(PROGRAM)
        second = Server(PROGRAM, spec=f"web:{first.port}")
        self.assertEqual(second.first, f"failed The web output cannot listen at 127.0.0.1:{first.port}: another program has that port; "
                                       f"choose another one, for example {first.port + 1}.")
        second.stop()
        first.stop()

    def test_an_address_of_somebody_else(self):
        server = Server(PROGRAM, spec="web:192.0.2.1:{port},open")
        self.assertIn("this computer has no such address", server.first)
        server.stop()

    def test_the_network_needs_to_be_meant(self):
        server = Server(PROGRAM, spec="web:0.0.0.0:{port}")
        self.assertIn(",open", server.first)
        self.assertTrue(server.first.startswith("failed At 0.0.0.0 every computer of the network"), server.first)
        server.process.wait(timeout=PATIENCE)
        server.process.stdin.close()

    def test_the_standard_one_is_loopback_alone(self):
        server = Server(PROGRAM)
        for line in open("/proc/net/tcp").readlines()[1:]:
            local, _, state = line.split()[1:4]
            if state == "0A" and int(local.split(":")[1], 16) == server.port:
                self.assertEqual(local.split(":")[0], "0100007F")
                break
        else:
            self.fail("it does not listen")
        server.stop()


class Open(WithServer):
    """Reachable from the network: reading needs the token too."""

    spec = "web:0.0.0.0:{port},open"

    def test_reading_needs_the_token(self):
        self.assertIn(self.server.token, self.server.address)

        def status(path, host=b"192.168.1.7:8600"):
            return int(self.raw(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n").split()[1])

        for path in ("/", "/dashboard", "/state", "/ws"):
            self.assertEqual(status(path), 401, path)
            self.assertEqual(status(path + "?token=" + "0" * 32), 401, path)
        for path in ("/", "/dashboard", "/state"):
            self.assertEqual(status(f"{path}?token={self.server.token}"), 200, path)
        self.assertEqual(status("/live.js"), 200)  # nothing but code
        self.assertEqual(self.refused(), 401)
        self.assertEqual(len(WebSocket(self.server.port, f"/ws?token={self.server.token}").message()["people"]), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
