#!/usr/bin/env python3
"""Runs scripts/room_graph.py on small made-up trees: the drawing, and each thing it must refuse."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts",
                      "room_graph.py")
PAGE = """# A plan

before
<!-- rooms: drawn by scripts/room_graph.py -->
<!-- end of rooms -->
after
"""


class RoomGraph(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.page = self.root / "docs" / "architecture.md"
        self.write("docs/architecture.md", PAGE)
        # cellar <- kitchen <- hall, and the hall sees the cellar as well.
        self.write("src/cellar/CMakeLists.txt", "mien_room(cellar\n  SOURCES wine.cpp)\n")
        self.write("src/cellar/wine.cpp", '#include "mien/cellar/wine.hpp"\n')
        self.write("include/mien/cellar/wine.hpp", "#pragma once\n// #include \"mien/hall/x.hpp\"\n")
        self.write("src/kitchen/CMakeLists.txt",
                   "mien_room(kitchen\n  SOURCES cook.cpp\n  ROOMS cellar  # for the wine\n"
                   "  LIBS fire)\n")
        self.write("include/mien/kitchen/cook.hpp",
                   '#pragma once\n#include "mien/cellar/wine.hpp"\n')
        self.write("src/kitchen/cook.cpp", '#include "mien/kitchen/cook.hpp"\n' + "\n" * 98)
        # A room that does not call mien_room(), as the program's own.
        self.write("src/hall/CMakeLists.txt",
                   "add_library(front STATIC door.cpp)\n"
                   "target_link_libraries(front PUBLIC mien_kitchen PRIVATE glass)\n"
                   "add_executable(house main.cpp)\n"
                   "target_link_libraries(house PRIVATE front)\n")
        self.write("src/hall/door.cpp",
                   '#include "mien/kitchen/cook.hpp"\n#include "mien/cellar/wine.hpp"\n')
        self.write("src/hall/main.cpp", '#include "door.hpp"\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_script(self, *options):
        done = subprocess.run([sys.executable, SCRIPT, "--root", str(self.root), *options],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def refusal(self, *options):
        code, out, err = self.run_script(*options)
        self.assertEqual((code, out), (1, ""))
        self.assertEqual(err.count("\n"), 1, err)  # one sentence
        return err

    def assert_passes(self, *options):
        self.assertEqual(self.run_script(*options), (0, "", ""))

    def test_draws_what_the_includes_say_between_the_markers(self):
        self.assert_passes()
        text = self.page.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("# A plan\n\nbefore\n<!-- rooms"), text)
        self.assertTrue(text.endswith("<!-- end of rooms -->\nafter\n"), text)
        # hall -> cellar follows from the other two arrows; a comment is no include.
        self.assertIn("flowchart TD\n  hall --> kitchen\n  kitchen --> cellar\n```", text)
        self.assertIn("| `cellar` | 2 | 3 | nothing |\n"
                      "| `kitchen` | 2 | 101 | `cellar` |\n"
                      "| `hall` | 2 | 3 | `cellar`, `kitchen` |\n", text)

    def test_drawing_twice_changes_nothing(self):
        self.assert_passes()
        first = self.page.read_text(encoding="utf-8")
        self.assert_passes()
        self.assertEqual(self.page.read_text(encoding="utf-8"), first)
        self.assert_passes("--check")

    def test_check_changes_nothing(self):
        self.assertIn("stale", self.refusal("--check"))
        self.assertEqual(self.page.read_text(encoding="utf-8"), PAGE)

    def test_an_arrow_more_is_stale(self):
        self.assert_passes()
        self.write("src/attic/CMakeLists.txt", "mien_room(attic ROOMS cellar)\n")
        self.write("src/attic/box.cpp", '#include "mien/cellar/wine.hpp"\n')
        self.assertIn("docs/architecture.md are stale", self.refusal("--check"))

    def test_some_lines_more_are_not_stale_but_many_are(self):
        self.assert_passes()
        cook = self.root / "src/kitchen/cook.cpp"
        cook.write_text(cook.read_text(encoding="utf-8") + "\n" * 10, encoding="utf-8")
        self.assert_passes("--check")
        cook.write_text(cook.read_text(encoding="utf-8") + "\n" * 100, encoding="utf-8")
        self.assertIn("stale", self.refusal("--check"))

    def test_a_circle_is_named_with_its_includes(self):
        self.write("src/cellar/CMakeLists.txt", "mien_room(cellar SOURCES wine.cpp ROOMS kitchen)\n")
        self.write("src/cellar/wine.cpp", '\n#include "mien/kitchen/cook.hpp"\n')
        for options in ([], ["--check"], ["--print"]):
            said = self.refusal(*options)
            self.assertIn("circle, cellar -> kitchen -> cellar", said)
            self.assertIn("src/cellar/wine.cpp:2", said)
            self.assertIn("include/mien/kitchen/cook.hpp:2", said)

    def test_a_circle_in_cmake_alone_is_named(self):
        self.write("src/cellar/CMakeLists.txt", "mien_room(cellar SOURCES wine.cpp ROOMS kitchen)\n")
        self.assertIn("circle, cellar -> kitchen -> cellar", self.refusal("--check"))

    def test_an_include_without_an_arrow_in_cmake_is_named(self):
        self.write("src/hall/CMakeLists.txt", "add_library(front STATIC door.cpp)\n")
        said = self.refusal("--check")
        self.assertIn("src/hall/door.cpp:2 includes a header of cellar", said)

    def test_an_arrow_in_cmake_without_an_include_is_named(self):
        self.write("src/attic/CMakeLists.txt", "mien_room(attic ROOMS cellar kitchen)\n")
        self.write("src/attic/box.cpp", '#include "mien/cellar/wine.hpp"\n')
        self.assertIn("src/attic/CMakeLists.txt links kitchen, but nothing",
                      self.refusal("--check"))

    def test_rooms_that_are_not_there_are_named(self):
        self.write("src/attic/CMakeLists.txt", "mien_room(attic ROOMS roof)\n")
        self.assertIn("names roof in ROOMS", self.refusal("--check"))
        self.write("src/attic/CMakeLists.txt", "mien_room(attic)\n")
        self.write("src/attic/box.cpp", '#include "mien/roof/tile.hpp"\n')
        self.assertIn("src/attic/box.cpp:1 includes a header of roof", self.refusal("--check"))

    def test_a_header_of_the_operating_system_has_one_place(self):
        self.write("src/system/CMakeLists.txt", "mien_room(system SOURCES linux/files.cpp)\n")
        self.write("src/system/linux/files.cpp", "#include <fcntl.h>\n#include <sys/stat.h>\n")
        self.assert_passes()
        for header in ("<unistd.h>", '"fcntl.h"', "<sys/stat.h>", "<linux/fs.h>", "<csignal>"):
            for place in ("src/hall/door.cpp", "include/mien/cellar/wine.hpp",
                          "include/mien/system/files.hpp", "src/system/files.cpp"):
                path = self.root / place
                before = path.read_text(encoding="utf-8") if path.is_file() else None
                self.write(place, f"// #include <poll.h>\n#include {header}\n")
                for options in ([], ["--check"]):
                    said = self.refusal(*options)
                    self.assertIn(f"{place}:2 includes <{header[1:-1]}>", said)
                if before is None:
                    path.unlink()
                else:
                    self.write(place, before)
        self.write("src/hall/main.cpp", "#include <system_error>\n#include <vector>\n")
        self.assert_passes()

    def test_a_page_without_markers_and_a_folder_without_rooms_are_named(self):
        self.write("docs/architecture.md", "# A plan\n")
        self.assertIn("has no place for the drawing", self.refusal())
        empty = self.root / "empty"
        empty.mkdir()
        self.assertIn("holds no folder with a CMakeLists.txt", self.refusal("--root", str(empty)))


if __name__ == "__main__":
    unittest.main()
