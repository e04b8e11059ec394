#!/usr/bin/env python3
"""The pages of the web output in Debian's headless Chromium. web_pages_test.py WEB_TEST_SERVER [FOLDER]
With a folder, pictures of the pages go there."""

import os
import sys
import tempfile
import time
import unittest

from web_client import PATIENCE, Browser, Server

PROGRAM = sys.argv[1]
FOLDER = sys.argv[2] if len(sys.argv) > 2 else None
SIZES = ((1280, 720), (400, 300))

# What sticks out of the window, and texts that run out of their boxes without an ellipsis.
OUTSIDE = """[...document.querySelectorAll(SELECTOR)].filter(each => each.checkVisibility({visibilityProperty: true})).filter(each => {
  const box = each.getBoundingClientRect();
  return box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || (box.bottom > innerHeight + 1 && !SCROLLS) ||
         (each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === "visible");
}).map(each => each.className + ": " + each.textContent)"""


class Pages(unittest.TestCase):
    def setUp(self):
        self.server = Server(PROGRAM, 6)
        self.addCleanup(self.server.stop)
        self.browser = Browser()
        self.addCleanup(self.browser.stop)

    def open(self, path, size=SIZES[0]):
        self.browser.size(*size)
        self.browser.open(f"http://127.0.0.1:{self.server.port}{path}")

    def keep(self, name):
        file = os.path.join(FOLDER or tempfile.gettempdir(), f"{name}.png")
        if FOLDER:
            self.browser.picture(file)

    def count(self, selector, count):
        self.browser.wait(f"document.querySelectorAll({selector!r}).length === {count}")

    def outside(self, selector, scrolls=False):
        found = self.browser.run(OUTSIDE.replace("SELECTOR", repr(selector)).replace("SCROLLS", "true" if scrolls else "false"))
        self.assertEqual(found, [])

    def test_overlay(self):
        for size in SIZES:
            for people in (6, 1, 0):
                self.server.tell(f"people {people}")
                self.open("/", size)
                self.browser.wait("document.readyState === 'complete'")
                if people:
                    self.count(".tag", people)
                    self.count(".box", people)
                    self.count(".card", people)
                else:
                    self.assertTrue(self.server.wait_listeners(1))
                    time.sleep(0.2)
                    self.count("#faces > *", 0)
                self.outside(".tag, .card")
                self.keep(f"overlay_{people}_{size[0]}")
                self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.run("getComputedStyle(document.body).backgroundColor"), "rgba(0, 0, 0, 0)")

    def test_overlay_shows_who_and_what(self):
        self.open("/")
        self.count(".tag", 6)
        texts = self.browser.run("[...document.querySelectorAll('.tag .name')].map(each => each.textContent)")
        self.assertEqual(texts[0], "Ada")
        self.assertEqual(texts[3], "P4")
        self.assertEqual(texts[4], "<b>Nguyễn</b> & Minh")  # a text, not a part of the page
        self.count(".tag b", 0)
        # The first person's box, of 1280x720 in the window's own size.
        box = self.browser.wait("(b => b.width && {x: b.left, y: b.top, w: b.width})(document.querySelector('.box').getBoundingClientRect())")
        self.assertAlmostEqual(box["w"], 198, delta=2)
        self.assertAlmostEqual(box["x"], 114, delta=14)
        self.browser.wait("document.fonts.check('600 16px Inter') && [...document.fonts].some(font => font.status === 'loaded')")

    def test_options_of_the_query(self):
        for query, selectors in {"style=boxes": {".box": 6, ".tag": 6, ".card": 0}, "style=labels": {".box": 0, ".tag": 6, ".card": 0},
                                 "style=bars": {".box": 0, ".tag": 0, "#cards .card": 6}, "people=1": {".box": 1, ".tag": 1},
                                 "person=2,5": {".tag": 2}, "style=bars&top=0&people=2": {".card": 2, ".bar": 16},
                                 "style=bars&people=1&top=2": {".bar": 2}, "people=x&style=nothing&top=-9&fit=no": {".tag": 0},
                                 "mirror=1&fit=fill&scale=1.5&place=left": {".box": 6}}.items():
            self.open(f"/?{query}")
            for selector, count in selectors.items():
                self.count(selector, count)
            self.assertEqual(self.browser.complaints(), [], query)
        self.open("/?mirror=1&people=1&style=boxes")
        box = self.browser.wait("document.querySelector('.box')?.getBoundingClientRect().left")
        self.assertAlmostEqual(box, 1280 - 114 - 198, delta=14)

    def test_cards_fit_into_the_window(self):
        for size in SIZES:
            for query in ("style=bars", "style=bars&top=0", "place=bottom", "place=right&top=0", "place=top", "style=bars&place=left"):
                self.open(f"/?{query}", size)
                self.browser.wait("document.querySelectorAll('#cards .card').length === 6")
                self.browser.wait("document.fonts.status === 'loaded'")
                time.sleep(0.2)
                self.outside("#cards .card, #cards .more")
                self.keep(f"cards_{query.replace('&', '_')}_{size[0]}")

    def test_overlay_clears_and_connects_again(self):
        self.open("/")
        self.count(".tag", 6)
        spec, port = self.server.spec, self.server.port
        self.server.stop()
        self.count("#faces > *", 0)
        self.server = Server(PROGRAM, 2, spec)
        self.addCleanup(self.server.stop)
        self.server.port = port
        self.count(".tag", 2)

    def test_dashboard(self):
        for size in SIZES:
            for people in (6, 1, 0):
                self.server.tell(f"people {people}")
                self.open("/dashboard", size)
                if people:
                    self.count(".card", people)
                    self.browser.wait("document.getElementById('chart').width > 0 && !document.getElementById('history').hidden")
                else:
                    self.browser.wait("!document.getElementById('nobody').hidden && /frames a second|waiting/.test(document.body.textContent)")
                time.sleep(0.2)
                self.outside("header, .card, #history", scrolls=True)
                self.keep(f"dashboard_{people}_{size[0]}")
                self.assertEqual(self.browser.complaints(), [])
        self.assertTrue(self.browser.run("document.getElementById('commands').hidden"))

    def test_dashboard_draws_the_chart(self):
        self.open("/dashboard")
        self.count(".card", 6)
        colors = """(() => { const c = document.getElementById("chart"); const seen = new Set();
          const {data} = c.getContext("2d").getImageData(0, 0, c.width, c.height);
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 250) seen.add(data[i] + "," + data[i + 1] + "," + data[i + 2]);
          return seen.has("86,180,233") && seen.has("36,41,51") && seen.size > 20; })()"""
        self.browser.wait(colors)
        self.server.tell("mark stimulus 1")
        time.sleep(2)
        self.keep("dashboard_marker")

    def test_dashboard_commands_with_the_token(self):
        self.open(f"/dashboard?token={self.server.token}")
        self.browser.wait("!document.getElementById('commands').hidden")
        self.browser.run("document.getElementById('text').value = 'stimulus 1'; document.querySelector('#commands button').click()")
        self.assertEqual(self.server.line(), "command marker 0 stimulus 1")
        self.browser.run("document.getElementById('start').click()")
        self.assertEqual(self.server.line(), "command record_start 0 ")
        self.server.tell("refuse")
        self.browser.run("document.getElementById('stop').click()")
        self.browser.wait("document.getElementById('trouble').textContent.includes('takes no commands')")
        self.keep("dashboard_trouble")

    def test_a_foreign_page_gets_nothing(self):
        """From a page of another origin, as a browser really asks."""
        other = Server(PROGRAM, 1)
        self.addCleanup(other.stop)
        self.browser.open(f"http://127.0.0.1:{other.port}/state")
        self.browser.wait("document.body && document.body.textContent.includes('version')")
        here = f"127.0.0.1:{self.server.port}"
        read = f"fetch('http://{here}/state').then(() => 'read', error => 'refused')"
        self.assertEqual(self.browser.run(read), "refused")
        simple = f"fetch('http://{here}/marker', {{method: 'POST', mode: 'no-cors', body: '{{\"text\": \"x\"}}'}}).then(() => 'sent', () => 'sent in vain')"
        self.assertIn("sent", self.browser.run(simple))
        listen = f"new Promise(done => {{ const s = new WebSocket('ws://{here}/ws'); s.onopen = () => done('open'); s.onerror = () => done('refused'); }})"
        self.assertEqual(self.browser.run(listen), "refused")
        self.assertTrue(self.server.lines.empty())
        # The one that was given the token may.
        command = f"fetch('http://{here}/marker', {{method: 'POST', headers: {{'X-Mien-Token': '{self.server.token}'}}, " \
                  "body: JSON.stringify({text: 'from elsewhere'})}).then(answer => answer.json()).then(json => json.ok)"
        self.assertEqual(self.browser.run(command), True)
        self.assertEqual(self.server.line(), "command marker 0 from elsewhere")


if __name__ == "__main__":
    if not Browser.program():
        print("skipped: chromium is not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2, warnings="ignore")
