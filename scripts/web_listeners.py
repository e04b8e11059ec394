#!/usr/bin/env python3
"""Listens to the web output of a running mien (or mien_web_output_cost) and tells how long frames take:

    web_listeners.py PORT COUNT SECONDS [TOKEN]

From when the picture was taken, which is in each frame, to when it has been received and parsed here; both on this
computer's clock. Each listener is a process, as other programs are."""

import json
import multiprocessing
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "outputs"))
from web_client import WebSocket  # noqa: E402


def listen(port, seconds, token, results):
    socket = WebSocket(port, f"/ws?token={token}" if token else "/ws")
    socket.message()  # the newest, which is old
    delays, numbers, size = [], [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            opcode, payload = socket.receive()
        except EOFError:
            break
        if opcode == 9:
            socket.send(10, payload)
        if opcode == 8:
            break
        if opcode != 1:
            continue
        frame = json.loads(payload)
        if frame["type"] != "frame":
            continue
        delays.append(1000 * (time.time() - frame["unix_time"]))
        numbers.append(frame["frame"])
        size += len(payload)
    results.put((delays, numbers[-1] - numbers[0] + 1 - len(numbers), size / len(numbers)))


def main():
    port, count, seconds = (int(word) for word in sys.argv[1:4])
    token = sys.argv[4] if len(sys.argv) > 4 else ""
    results = multiprocessing.Queue()
    listeners = [multiprocessing.Process(target=listen, args=(port, seconds, token, results)) for _ in range(count)]
    for each in listeners:
        each.start()
    found = [results.get() for _ in listeners]
    delays = sorted(delay for each in found for delay in each[0])
    print(f"{count} listeners, {len(delays)} frames of {found[0][2] / 1024:.1f} KiB: median {statistics.median(delays):.2f} ms, "
          f"95th percentile {delays[int(0.95 * len(delays))]:.2f} ms, longest {delays[-1]:.2f} ms; "
          f"{sum(each[1] for each in found)} frames missing")


if __name__ == "__main__":
    main()
