// People and their last minute, for a second screen.
import {query, listen, nameOf, percent, wordOf, colorOf, isSure, element, fillBars} from "/live.js";

const kSeconds = 60;
const byId = id => document.getElementById(id);
const people = byId("people");
const chart = byId("chart");
const cards = new Map();   // by person
const tracks = new Map();  // by person: {name, color, points: [{at, label, sure, certainty, valence}]}
const markers = [];        // {at, text}
const arrivals = [];
let newest = null;
let drawing = false;
let source = null;

const now = () => performance.now() / 1000;

function cardOf(person) {
  if (cards.has(person.id)) return cards.get(person.id);
  const made = {card: element("div", "card"), name: element("span", "name"), said: element("p", "said"),
                reason: element("p", "reason"), bars: element("div", "bars"), facts: element("p", "facts")};
  const who = element("div", "who");
  const dot = element("span", "dot");
  dot.style.background = person.color;
  who.append(dot, made.name);
  made.card.style.borderColor = person.color;
  made.card.append(who, made.said, made.reason, made.bars, made.facts);
  people.append(made.card);
  cards.set(person.id, made);
  return made;
}

const signed = (value, digits) => (value > 0 ? "+" : "") + value.toFixed(digits).replace("-", "\u2212");

function facts(person) {
  const words = [`valence ${signed(person.valence || 0, 2)}`];
  const geometry = person.geometry;
  if (geometry && geometry.eyes) words.push(`${geometry.eyes.blinks} blinks`);
  if (geometry && geometry.pose) {
    const {yaw, pitch} = geometry.pose;
    words.push(`head ${signed(yaw, 0)}\u00b0 sideways`, `${signed(pitch, 0)}\u00b0 down`);
  }
  if (person.neutral === "collecting") words.push(`learning the resting face, ${percent(person.neutral_progress)}`);
  if (person.neutral === "set") words.push("resting face set");
  return words;
}

function showPeople(frame) {
  const seen = [...frame.people].sort((a, b) => a.id - b.id);
  const ids = new Set(seen.map(person => person.id));
  for (const [id, made] of [...cards]) {
    if (ids.has(id)) continue;
    made.card.remove();
    cards.delete(id);
  }
  for (const person of seen) {
    const made = cardOf(person);
    made.name.textContent = nameOf(person);
    made.name.title = nameOf(person);
    made.said.textContent = person.label === null ? "" : isSure(person)
        ? `${wordOf(frame, person.label)} ${percent(person.certainty)}` : "not sure";
    made.reason.textContent = isSure(person) ? "" : [person.reason, person.label ? `most likely ${wordOf(frame, person.label)}` : ""]
        .filter(Boolean).join("; ");
    made.card.classList.toggle("unsure", !isSure(person));
    fillBars(made.bars, frame, person, frame.labels);
    made.facts.replaceChildren(...facts(person).map(words => element("span", "", words)));
  }
  byId("nobody").hidden = seen.length > 0;
}

function keep(frame) {
  const at = now();
  if (source !== frame.source) {
    source = frame.source;
    tracks.clear();
  }
  arrivals.push(at);
  while (arrivals.length > 1 && arrivals[0] < at - 2) arrivals.shift();
  for (const person of frame.people) {
    if (!tracks.has(person.id)) tracks.set(person.id, {points: []});
    const track = tracks.get(person.id);
    track.name = nameOf(person);
    track.color = person.color;
    track.points.push({at, color: isSure(person) ? colorOf(frame, person.label) : "", sure: isSure(person), valence: person.valence});
  }
  for (const [id, track] of [...tracks]) {
    while (track.points.length && track.points[0].at < at - kSeconds - 1) track.points.shift();
    if (!track.points.length) tracks.delete(id);
  }
  while (markers.length && markers[0].at < at - kSeconds) markers.shift();
}

function drawChart() {
  const em = parseFloat(getComputedStyle(document.body).fontSize);
  const lanes = [...tracks].sort((a, b) => a[0] - b[0]);
  // As high as the window has room for, within reason.
  const room = innerHeight - chart.getBoundingClientRect().top - scrollY - 7 * em;
  const lane = Math.max(1.7 * em, Math.min(4 * em, room / lanes.length - 0.4 * em));
  const size = {width: chart.clientWidth, height: lanes.length * (lane + 0.4 * em) + 2.6 * em};
  chart.style.height = `${size.height}px`;
  chart.width = Math.round(size.width * devicePixelRatio);
  chart.height = Math.round(size.height * devicePixelRatio);
  const g = chart.getContext("2d");
  g.scale(devicePixelRatio, devicePixelRatio);
  const look = getComputedStyle(document.documentElement);
  const color = name => look.getPropertyValue(`--${name}`);
  g.font = `${0.85 * em}px Inter, system-ui, sans-serif`;
  g.textBaseline = "middle";
  const left = Math.min(9 * em, 0.25 * size.width);
  const end = now();
  const across = at => left + (size.width - left) * (1 - (end - at) / kSeconds);
  const bottom = size.height - 1.4 * em;
  const top = 1.2 * em;

  lanes.forEach(([, track], i) => {
    const y = top + i * (lane + 0.4 * em);
    g.fillStyle = track.color;
    g.beginPath();
    g.arc(0.35 * em, y + lane / 2, 0.35 * em, 0, 7);
    g.fill();
    g.fillStyle = color("soft");
    g.fillText(shortened(g, track.name, left - 1.6 * em), 1.1 * em, y + lane / 2);
    g.fillStyle = color("track");
    g.fillRect(left, y, size.width - left, lane);
    g.save();
    g.beginPath();
    g.rect(left, y, size.width - left, lane);
    g.clip();
    const {points} = track;
    for (let at = 0; at < points.length;) {
      let next = at + 1;
      while (next < points.length && points[next].color === points[at].color && points[next].sure === points[at].sure &&
             points[next].at - points[next - 1].at < 1) ++next;
      const until = next < points.length && points[next].at - points[next - 1].at < 1 ? points[next].at : points[next - 1].at + 0.05;
      g.globalAlpha = points[at].sure ? 0.9 : 0.22;
      g.fillStyle = points[at].sure ? points[at].color : color("dim");
      g.fillRect(across(points[at].at), y, across(until) - across(points[at].at) + 0.5, lane);
      at = next;
    }
    g.globalAlpha = 1;
    g.lineWidth = 3.5;
    for (const stroke of ["rgb(16 18 22 / .75)", color("text")]) {
      g.strokeStyle = stroke;
      g.beginPath();
      points.forEach((point, at) => {
        const spot = [across(point.at), y + lane * (0.5 - 0.42 * point.valence)];
        if (at === 0 || point.at - points[at - 1].at >= 1) g.moveTo(...spot);
        else g.lineTo(...spot);
      });
      g.stroke();
      g.lineWidth = 1.5;
    }
    g.restore();
  });

  g.strokeStyle = g.fillStyle = color("dim");
  g.lineWidth = 1;
  g.textAlign = "center";
  for (let ago = 0; ago <= kSeconds; ago += 15) {
    const x = across(end - ago);
    g.textAlign = ago === 0 ? "right" : ago === kSeconds ? "left" : "center";
    g.fillText(ago === 0 ? "now" : `${ago} s ago`, x, bottom + 0.8 * em);
  }
  g.textAlign = "left";
  let free = -Infinity;
  for (const marker of markers) {
    const x = across(marker.at);
    if (x < left) continue;
    g.strokeStyle = color("text");
    g.setLineDash([3, 3]);
    g.beginPath();
    g.moveTo(x, top - 0.2 * em);
    g.lineTo(x, bottom);
    g.stroke();
    g.setLineDash([]);
    if (x < free) continue;
    const text = shortened(g, marker.text, 10 * em);
    const start = Math.min(x, size.width - g.measureText(text).width);
    g.fillStyle = color("text");
    g.fillText(text, start, 0.5 * em);
    free = start + g.measureText(text).width + em;
  }
}

function shortened(g, text, width) {
  if (g.measureText(text).width <= width) return text;
  let letters = [...text];
  while (letters.length > 1 && g.measureText(letters.join("") + "\u2026").width > width) letters.pop();
  return letters.join("") + "\u2026";
}

function showLegend(frame) {
  const key = frame.labels.map(label => label.word).join();
  if (byId("legend").dataset.key === key) return;
  byId("legend").dataset.key = key;
  byId("legend").replaceChildren(...frame.labels.map(label => {
    const entry = element("span");
    const dot = element("span", "dot");
    dot.style.background = label.color;
    entry.append(dot, label.word);
    return entry;
  }), element("span", "", "line: valence, up is pleasant"));
}

function draw() {
  drawing = false;
  if (!newest) return;
  showPeople(newest);
  showLegend(newest);
  byId("history").hidden = tracks.size === 0;
  if (tracks.size) drawChart();
}

function drawSoon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

function showStatus(connected) {
  byId("status").classList.toggle("live", connected);
  if (!connected) {
    byId("words").textContent = "not connected; trying again";
    return;
  }
  if (!newest) {
    byId("words").textContent = "connected, no picture yet";
    return;
  }
  const seconds = arrivals[arrivals.length - 1] - arrivals[0];
  const rate = now() - arrivals[arrivals.length - 1] < 2 && seconds > 0 ? `${Math.round((arrivals.length - 1) / seconds)} frames a second` : "waiting";
  byId("words").textContent = `${newest.width} \u00d7 ${newest.height} \u00b7 ${rate} \u00b7 ${newest.model}`;
}

let connected = false;
listen(message => {
  if (message.type === "marker") {
    markers.push({at: now(), text: message.text});
    if (markers.length > 200) markers.shift();
  } else if (message.type === "frame") {
    const first = !newest;
    newest = message;
    keep(message);
    if (first) showStatus(true);
  }
  drawSoon();
}, state => {
  connected = state;
  showStatus(connected);
});
setInterval(() => { showStatus(connected); drawSoon(); }, 500);
addEventListener("resize", drawSoon);
document.fonts.ready.then(drawSoon);

// With the token in the address, the page may command too.
async function command(path, body) {
  const trouble = byId("trouble");
  try {
    const answer = await fetch(path, {method: "POST", headers: {"X-Mien-Token": query.get("token")}, body: JSON.stringify(body)});
    trouble.hidden = answer.ok;
    if (!answer.ok) trouble.textContent = (await answer.json()).error;
  } catch (error) {
    trouble.hidden = false;
    trouble.textContent = "The program does not answer.";
  }
}
byId("commands").hidden = !query.get("token");
byId("commands").addEventListener("submit", event => {
  event.preventDefault();
  if (!byId("text").value.trim()) return;
  command("/marker", {text: byId("text").value});
  byId("text").value = "";
});
byId("start").addEventListener("click", () => command("/record/start", {}));
byId("stop").addEventListener("click", () => command("/record/stop", {}));
