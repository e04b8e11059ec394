#!/usr/bin/env python3
"""How late the reading arrives: latency.py osc PORT SECONDS | latency.py list FILE

osc: start it, then `mien --send osc:PORT` on the same computer. A bundle's time tag is when its picture
was taken, so that the time from there to the receipt includes the camera's way and the analysis; the
first bundle of each frame counts. list: a file with milliseconds in its lines, as the tests' stand-ins
for LSL and for cameras write it. Prints milliseconds: median and 95th percentile.
"""
import socket
import statistics
import struct
import sys
import time

FROM_1900_TO_1970 = 2208988800


def received(port, seconds):
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", port))
    receiver.settimeout(30)
    late, last, until = [], None, None
    while until is None or time.time() < until:
        data = receiver.recv(65536)
        now = time.time()
        until = until or now + seconds
        whole, part = struct.unpack(">II", data[8:16])
        if data[:8] != b"#bundle\0" or (whole, part) == last:
            continue
        last = (whole, part)
        late.append(1000 * (now - (whole - FROM_1900_TO_1970 + part / 2**32)))
    return late


def main():
    if sys.argv[1:2] == ["osc"] and len(sys.argv) == 4:
        late = received(int(sys.argv[2]), float(sys.argv[3]))
    elif sys.argv[1:2] == ["list"] and len(sys.argv) == 3:
        with open(sys.argv[2], encoding="ascii") as lines:
            late = [float(line) for line in lines]
    else:
        sys.exit(__doc__)
    quantiles = statistics.quantiles(late, n=20)
    print(f"{len(late)} frames: median {statistics.median(late):.1f} ms, 95th percentile {quantiles[18]:.1f} ms")


if __name__ == "__main__":
    main()
