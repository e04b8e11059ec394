#!/usr/bin/env python3
"""Draws which room includes which into docs/architecture.md.

A room is a folder of src/ with a CMakeLists.txt, together with its public headers in
include/mien/ROOM. The arrows come from the lines `#include "mien/ROOM/..."`; they are compared
with what the CMakeLists.txt of the room links (ROOMS of mien_room(), target_link_libraries()).

    scripts/room_graph.py            draws anew what stands between the two markers
    scripts/room_graph.py --check    changes nothing; exit code 1 and one sentence when the drawing
                                     is stale, rooms include each other in a circle, an include has
                                     no arrow in CMake, an arrow in CMake has no include, or a
                                     header of the operating system is included outside of
                                     src/system/SYSTEM
    scripts/room_graph.py --print    the drawing alone

Only the standard library of Python is needed.
"""

import argparse
import pathlib
import re
import sys

BEGIN = "<!-- rooms: drawn by scripts/room_graph.py -->"
END = "<!-- end of rooms -->"
PAGE = "docs/architecture.md"
# Counts are for orientation; a page that had to be drawn again for each added line would be in
# every change.
TOLERANCE = 0.2

# Headers that one operating system has and another has not, "sys/" for all that begin so. A port
# adds its own.
SYSTEM_HEADERS = ("unistd.h", "fcntl.h", "sys/", "linux/", "asm/", "bits/", "poll.h", "spawn.h",
                  "sched.h", "pwd.h", "grp.h", "dirent.h", "dlfcn.h", "csignal", "signal.h",
                  "pthread.h", "semaphore.h", "netdb.h", "arpa/", "netinet/", "net/", "ifaddrs.h",
                  "glob.h", "fnmatch.h", "ftw.h", "termios.h", "syslog.h", "malloc.h", "mntent.h",
                  "execinfo.h", "ucontext.h", "utime.h", "strings.h", "windows.h")
# Where they may be: a folder for each system below it.
SYSTEM_ROOM = "src/system"

ANY_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^">]+)[">]', re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]mien/([^/">]+)/', re.MULTILINE)
CALL = re.compile(r"\b(\w+)\s*\(([^()]*)\)")


class Fault(Exception):
    """One sentence for whoever changed the tree."""


class Room:
    def __init__(self, name):
        self.name = name
        self.files = 0
        self.lines = 0
        self.includes = {}  # room -> the first place, "path:line"
        self.links = set()  # rooms that its CMakeLists.txt names


def cmake_calls(path):
    """The calls in a CMakeLists.txt as (name, [words]); nested parentheses are not needed here."""
    text = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8"))
    return [(name.lower(), words.split()) for name, words in CALL.findall(text)]


def read_sources(root, room):
    for folder in (root / "src" / room.name, root / "include" / "mien" / room.name):
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".cpp", ".hpp"):
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            refuse_system_headers(root, path, text)
            room.files += 1
            room.lines += text.count("\n")
            for match in INCLUDE.finditer(text):
                if match[1] != room.name:
                    line = text.count("\n", 0, match.start()) + 1
                    place = f"{path.relative_to(root).as_posix()}:{line}"
                    room.includes.setdefault(match[1], place)


def refuse_system_headers(root, path, text):
    where = path.relative_to(root).as_posix()
    if re.match(f"{SYSTEM_ROOM}/[^/]+/", where):
        return
    for match in ANY_INCLUDE.finditer(text):
        header = match[1]
        if header in SYSTEM_HEADERS or header.partition("/")[0] + "/" in SYSTEM_HEADERS:
            line = text.count("\n", 0, match.start()) + 1
            raise Fault(f"{where}:{line} includes <{header}>, which only {SYSTEM_ROOM}/linux may: "
                        "use a header of include/mien/system, or add there what it lacks.")


def read_links(root, rooms):
    """Fills in the rooms that each room's CMakeLists.txt links."""
    calls = {name: cmake_calls(root / "src" / name / "CMakeLists.txt") for name in rooms}
    room_of = {}  # CMake target -> room
    for name, found in calls.items():
        for call, words in found:
            if call == "mien_room":
                room_of["mien_" + words[0]] = name
            elif call in ("add_library", "add_executable"):
                room_of[words[0]] = name
    for name, found in calls.items():
        linked = []
        for call, words in found:
            if call == "mien_room" and "ROOMS" in words:
                for word in words[words.index("ROOMS") + 1:]:
                    if word.isupper():  # the next keyword
                        break
                    if word not in rooms:
                        raise Fault(f"src/{name}/CMakeLists.txt names {word} in ROOMS, but there "
                                    f"is no folder src/{word}.")
                    linked.append(word)
            elif call == "target_link_libraries":
                linked += [room_of[word] for word in words[1:] if word in room_of]
        rooms[name].links = set(linked) - {name}


def read_rooms(root):
    folders = sorted(path.parent.name for path in (root / "src").glob("*/CMakeLists.txt"))
    if not folders:
        raise Fault(f"{root / 'src'} holds no folder with a CMakeLists.txt; give the project's "
                    "folder with --root.")
    rooms = {name: Room(name) for name in folders}
    for room in rooms.values():
        read_sources(root, room)
        for other, place in room.includes.items():
            if other not in rooms:
                raise Fault(f"{place} includes a header of {other}, but there is no room "
                            f"src/{other}.")
    read_links(root, rooms)
    return rooms


def find_circle(arrows):
    """A list of rooms that leads back to its first, or None."""
    done, way = set(), []

    def visit(name):
        if name in way:
            return way[way.index(name):] + [name]
        if name in done:
            return None
        way.append(name)
        for other in sorted(arrows[name]):
            circle = visit(other)
            if circle:
                return circle
        way.pop()
        done.add(name)
        return None

    for name in sorted(arrows):
        circle = visit(name)
        if circle:
            return circle
    return None


def reachable(arrows, start):
    seen, ahead = set(), list(arrows[start])
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += arrows[name]
    return seen


def reduced(arrows):
    """Transitive reduction: without the arrows that a longer way of arrows says already."""
    return {name: {other for other in others
                   if not any(other in reachable(arrows, between)
                              for between in others if between != other)}
            for name, others in arrows.items()}


def check_arrows(rooms):
    includes = {name: set(room.includes) for name, room in rooms.items()}
    circle = find_circle(includes)
    if circle:
        places = ", ".join(rooms[a].includes[b] for a, b in zip(circle, circle[1:]))
        raise Fault(f"Rooms include each other in a circle, {' -> '.join(circle)}; take away one "
                    f"of the includes at {places}.")
    links = {name: room.links for name, room in rooms.items()}
    circle = find_circle(links)
    if circle:
        raise Fault(f"The CMakeLists.txt of rooms link each other in a circle, "
                    f"{' -> '.join(circle)}; take away one of these arrows.")
    for name in sorted(rooms):
        allowed = reachable(links, name)
        for other, place in sorted(rooms[name].includes.items()):
            if other not in allowed:
                raise Fault(f"{place} includes a header of {other}, which {name} may not: add "
                            f"{other} to src/{name}/CMakeLists.txt or take the include away.")
        for other in sorted(links[name]):
            if other not in includes[name]:
                raise Fault(f"src/{name}/CMakeLists.txt links {other}, but nothing in {name} "
                            "includes a header of it: take the link away.")


def in_order(arrows):
    """The rooms, each after those that it includes."""
    order = []
    while len(order) < len(arrows):
        order += sorted(name for name, others in arrows.items()
                        if name not in order and others <= set(order))
    return order


def draw(rooms):
    arrows = {name: set(room.includes) for name, room in rooms.items()}
    order = in_order(arrows)
    short = reduced(arrows)
    lines = ["```mermaid", "flowchart TD"]
    for name in reversed(order):
        lines += [f"  {name} --> {other}" for other in sorted(short[name], key=order.index)]
        if not arrows[name] and not any(name in others for others in arrows.values()):
            lines.append(f"  {name}")
    lines += ["```", "", "| room | files | lines | includes |", "|---|---|---|---|"]
    for name in order:
        others = ", ".join(f"`{other}`" for other in sorted(arrows[name], key=order.index))
        room = rooms[name]
        lines.append(f"| `{name}` | {room.files} | {room.lines:,} | {others or 'nothing'} |")
    return "\n".join(lines) + "\n\n"


def without_counts(drawing):
    """The drawing with its counts taken out, and the counts."""
    counts = [int(number.replace(",", "")) for number in
              re.findall(r"(?<=\| )\d[\d,]*(?= \|)", drawing)]
    return re.sub(r"(?<=\| )\d[\d,]*(?= \|)", "0", drawing), counts


def is_stale(drawn, now):
    drawn_shape, drawn_counts = without_counts(drawn)
    shape, counts = without_counts(now)
    return drawn_shape != shape or any(abs(was - is_now) > TOLERANCE * is_now
                                       for was, is_now in zip(drawn_counts, counts))


def split_page(page):
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    before, begin, rest = text.partition(BEGIN + "\n")
    drawing, end, after = rest.partition(END)
    if not begin or not end:
        raise Fault(f"{page} has no place for the drawing: write the lines {BEGIN} and {END} "
                    "where it belongs.")
    return before + begin, drawing, end + after


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent,
                        help="the project's folder")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    how.add_argument("--print", action="store_true", help="show the drawing alone")
    options = parser.parse_args()
    try:
        rooms = read_rooms(options.root)
        check_arrows(rooms)
        drawing = draw(rooms)
        if options.print:
            print(drawing, end="")
            return 0
        page = options.root / PAGE
        before, drawn, after = split_page(page)
        if options.check:
            if is_stale(drawn, drawing):
                raise Fault(f"The rooms drawn in {PAGE} are stale; draw them anew with "
                            "scripts/room_graph.py.")
        elif drawn != drawing:
            page.write_text(before + drawing + after, encoding="utf-8")
    except Fault as fault:
        print(f"room_graph: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
