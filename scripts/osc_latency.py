#!/usr/bin/env python3
"""How late the reading arrives by OSC: osc_latency.py PORT SECONDS

Start it, then `mien --send osc:PORT` on the same computer. A bundle's time tag is when its picture
was taken, so that the time from there to the receipt includes the camera's way and the analysis. Prints
milliseconds: median and 95th percentile, of the first bundle of each frame.
"""
import socket
import statistics
import struct
import sys
import time

FROM_1900_TO_1970 = 2208988800


def main():
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
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
    quantiles = statistics.quantiles(late, n=20)
    print(f"{len(late)} frames: median {statistics.median(late):.1f} ms, 95th percentile {quantiles[18]:.1f} ms")


if __name__ == "__main__":
    main()
