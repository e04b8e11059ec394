"""What the scripts of this folder share: the server under test, a WebSocket, a browser. Standard library only."""

import base64
import hashlib
import json
import os
import queue
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request

PATIENCE = 60  # seconds, after which something that should come does not


def free_port():
    """One that was free a moment ago: somebody else may take it before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A web_test_server: its lines come out of `lines`. In the spec, {port} is a free one."""

    def __init__(self, program, people=1, spec="web:{port}"):
        while True:
            self.port = free_port()
            self.spec = spec.format(port=self.port)
            self._start(program, people)
            if self.spec == spec or "another program has that port" not in self.first:
                break
            self.stop()
        words = self.first.split()
        self.address, self.token = (words[1], words[2]) if words[0] == "ready" else ("", "")

    def _start(self, program, people):
        # An address sanitizer keeps what was freed for a while, which is no memory of the server's.
        environment = dict(os.environ)
        environment["ASAN_OPTIONS"] = environment.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
        self.process = subprocess.Popen([program, self.spec, str(people)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.first = self.line()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def line(self):
        return self.lines.get(timeout=PATIENCE)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def status(self):
        self.tell("status")
        words = self.line().split(" ", 6)
        assert words[0] == "status", words
        listeners = 0 if words[1] == "no" else int(words[1])
        return {"listeners": listeners, "sent": int(words[2]), "lost": int(words[3]), "peak_mb": float(words[4]),
                "seconds": float(words[5]), "problem": words[6]}

    def hold(self):
        """No frames but those of push() from now on; at most one is on its way."""
        self.tell("hold")
        self.status()

    def push(self, count=1):
        """Frames for listeners; four may wait for one."""
        self.tell(f"push {count}")

    def wait_listeners(self, count):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.status()["listeners"] == count:
                return True
            time.sleep(0.05)
        return False

    def stop(self):
        """Its exit code, and the seconds that it took."""
        start = time.monotonic()
        try:
            self.tell("quit")
        except (OSError, ValueError):
            pass  # it has ended before
        code = self.process.wait(timeout=PATIENCE)
        self.process.stdin.close()
        return code, time.monotonic() - start


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status


class WebSocket:
    def __init__(self, port, path="/ws", headers=None, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = {"Host": f"{host}:{port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
                 "Sec-WebSocket-Version": "13", **(headers or {})}
        request = f"GET {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        self.socket.sendall(request.encode())
        self.rest = b""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.socket.recv(65536)
            if not piece:
                break
            head += piece
        head, _, self.rest = head.partition(b"\r\n\r\n")
        status = int(head.split()[1]) if head else 0
        if status != 101:
            raise Refused(status, self.rest.decode(errors="replace"))
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        assert b"Sec-WebSocket-Accept: " + accept in head, head

    def _take(self, count):
        while len(self.rest) < count:
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError
            self.rest += piece
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def receive(self):
        """The next frame as (opcode, payload)."""
        first, length = self._take(2)
        assert first & 0x80 and not first & 0x70 and not length & 0x80, (first, length)
        if length == 126:
            length = struct.unpack(">H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._take(8))[0]
        return first & 0x0F, self._take(length)

    def message(self, kind="frame"):
        """The next one of that kind; pings are answered."""
        while True:
            opcode, payload = self.receive()
            if opcode == 9:
                self.send(10, payload)
            elif opcode == 1:
                message = json.loads(payload)
                if message["type"] == kind:
                    return message
            elif opcode == 8:
                raise EOFError(payload)

    def send(self, opcode, payload=b"", mask=b"\x11\x22\x33\x44", announced=None):
        length = len(payload) if announced is None else announced
        if length < 126:
            head = struct.pack(">BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, length)
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def close_code(self):
        """The code of the close frame that comes, passing over what comes before."""
        while True:
            opcode, payload = self.receive()
            if opcode == 8:
                return struct.unpack(">H", payload[:2])[0]

    def close(self):
        self.socket.close()


class Browser:
    """Debian's headless Chromium, over its debugging protocol."""

    @staticmethod
    def program():
        return shutil.which("chromium") or shutil.which("chromium-browser")

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="mien-browser-")
        self.process = subprocess.Popen(
            [self.program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-component-update", "--remote-debugging-port=0", "--remote-allow-origins=*",
             f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        place = os.path.join(self.folder, "DevToolsActivePort")
        while not (os.path.exists(place) and open(place).read().strip()):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("Chromium does not start")
            time.sleep(0.05)
        self.port = int(open(place).read().split()[0])
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json"))
        page = next(each for each in pages if each["type"] == "page")
        self.socket = WebSocket(self.port, urllib.parse.urlparse(page["webSocketDebuggerUrl"]).path)
        self.number = 0
        self.events = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(1, json.dumps({"id": self.number, "method": method, "params": parameters}).encode())
        while True:
            opcode, payload = self.socket.receive()
            if opcode != 1:
                continue
            answer = json.loads(payload)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]
            self.events.append(answer)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, address):
        self.events.clear()
        self.call("Page.navigate", url=address)

    def run(self, script):
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def wait(self, script):
        """Until the script gives something true, which is returned."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                value = self.run(script)
            except RuntimeError:
                value = None  # the page is just changing
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"never: {script}")

    def complaints(self):
        """What the page's console and the browser's log have of errors."""
        self.run("0")
        found = []
        for event in self.events:
            if event["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"]))
            if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] in ("error", "warning"):
                found.append(event["params"]["entry"]["text"] + " " + event["params"]["entry"].get("url", ""))
        return found

    def picture(self, file):
        self.call("Emulation.setDefaultBackgroundColorOverride", color={"r": 0, "g": 0, "b": 0, "a": 0})
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        with open(file, "wb") as out:
            out.write(data)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)
