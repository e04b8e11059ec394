// A layer over the picture, for OBS. Options are in the query; docs/live.md lists them.
import {query, listen, nameOf, percent, wordOf, isSure, inkOn, element, fillBars} from "/live.js";

const number = (key, instead, least, most) => {
  const value = parseFloat(query.get(key));
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : instead;
};
const oneOf = (key, words) => words.includes(query.get(key)) ? query.get(key) : words[0];
const styles = (query.get("style") || "boxes,bars").split(",");
const shows = Object.fromEntries(["boxes", "labels", "bars"].map(word => [word, styles.includes(word)]));
const options = {
  people: number("people", Infinity, 1, 1000),
  only: query.get("person") ? query.get("person").split(",").map(Number) : null,
  top: Math.round(number("top", 3, 0, 100)),
  scale: number("scale", 1, 0.3, 5),
  fit: oneOf("fit", ["contain", "cover", "fill"]),
  place: oneOf("place", shows.boxes || shows.labels ? ["face", "bottom", "top", "left", "right"] : ["bottom", "top", "left", "right"]),
  mirror: query.get("mirror") === "1",
};
document.documentElement.classList.toggle("dark", query.get("ground") === "dark");

const byFace = options.place === "face";
const faces = document.getElementById("faces");
const cards = document.getElementById("cards");
cards.classList.add(options.place);
const shown = new Map();  // by person: the elements
let newest = null;
let drawing = false;
let fittedTo = "";

function elementsOf(person) {
  if (shown.has(person.id)) return shown.get(person.id);
  const made = {box: element("div", "box"), tag: element("div", "tag"), card: element("div", "card")};
  made.tagName = element("span", "name");
  made.tagVerdict = element("span", "verdict");
  made.tag.append(made.tagName, made.tagVerdict);
  const who = element("div", "who");
  made.name = element("span", "name");
  made.verdict = element("span", "verdict");
  made.bars = element("div", "bars");
  who.append(made.name, made.verdict);
  if (!byFace) made.card.append(who);
  made.card.append(made.bars);
  if (shows.boxes) faces.append(made.box);
  if (shows.boxes || shows.labels) faces.append(made.tag);
  if (shows.bars) (byFace ? faces : cards).append(made.card);
  shown.set(person.id, made);
  return made;
}

function forget(id) {
  const {box, tag, card} = shown.get(id);
  for (const each of [box, tag, card]) each.remove();
  shown.delete(id);
}

// Where the picture lies in the window.
function placement(frame) {
  let [across, down] = [innerWidth / frame.width, innerHeight / frame.height];
  if (options.fit === "contain") across = down = Math.min(across, down);
  if (options.fit === "cover") across = down = Math.max(across, down);
  return {
    across, down,
    left: (innerWidth - frame.width * across) / 2,
    top: (innerHeight - frame.height * down) / 2,
  };
}

function boxOf(person, frame, at) {
  const {x, y, w, h} = person.box;
  const left = options.mirror ? frame.width - x - w : x;
  return {left: at.left + left * at.across, top: at.top + y * at.down, width: w * at.across, height: h * at.down};
}

const overlap = (a, b) => a.left < b.left + b.width && b.left < a.left + a.width &&
                          a.top < b.top + b.height && b.top < a.top + a.height;

// Above the box, else below it, else in it: the first place that is free and in the window.
function placeTag(tag, box, taken) {
  tag.style.maxWidth = `${Math.min(innerWidth - 4, Math.max(box.width, innerWidth * 0.3))}px`;
  const {offsetWidth: width, offsetHeight: height} = tag;
  const left = Math.min(Math.max(box.left, 2), innerWidth - width - 2);
  const places = [box.top - height - 3, box.top + box.height + 3, box.top + 3, box.top + box.height - height - 3]
      .map(top => ({left, top, width, height}));
  const inside = places.filter(place => place.top >= 0 && place.top + height <= innerHeight);
  const place = inside.find(each => !taken.some(other => overlap(each, other))) || inside[0] ||
                {left, top: Math.min(Math.max(box.top, 0), innerHeight - height), width, height};
  taken.push(place);
  tag.style.transform = `translate(${place.left}px, ${place.top}px)`;
}

// Beside the box, else below or above it, where it covers nobody; else not at all.
function placeCard(card, box, taken) {
  const {offsetWidth: width, offsetHeight: height} = card;
  const upper = Math.min(Math.max(box.top, 2), innerHeight - height - 2);
  const middle = Math.min(Math.max(box.left, 2), innerWidth - width - 2);
  const place = [[box.left + box.width + 4, upper], [box.left - width - 4, upper],
                 [middle, box.top + box.height + 4], [middle, box.top - height - 4]]
      .map(([left, top]) => ({left, top, width, height}))
      .find(each => each.left >= 0 && each.left + width <= innerWidth && each.top >= 0 &&
                    each.top + height <= innerHeight && !taken.some(other => overlap(each, other)));
  card.classList.toggle("nowhere", !place);
  if (!place) return;
  taken.push(place);
  card.style.transform = `translate(${place.left}px, ${place.top}px)`;
}

function highest(frame, person) {
  if (options.top === 0 || options.top >= frame.labels.length) return frame.labels;
  const least = frame.labels.map(label => person.expressions[label.id] || 0).sort((a, b) => b - a)[options.top - 1];
  return frame.labels.filter(label => (person.expressions[label.id] || 0) >= least).slice(0, options.top);
}

// As large as goes without taking more than their part of the window; then fewer of them.
function fitCards(count) {
  const key = [count, innerWidth, innerHeight].join();
  if (key === fittedTo) return;
  fittedTo = key;
  const sideways = options.place === "left" || options.place === "right";
  const most = {height: innerHeight * (sideways || !shows.boxes ? 1 : 0.42), width: innerWidth * (sideways ? 0.4 : 1)};
  const fits = () => cards.scrollHeight <= most.height + 1 && cards.scrollWidth <= most.width + 1;
  const each = [...cards.querySelectorAll(".card")];
  cards.querySelector(".more")?.remove();
  for (const card of each) card.hidden = false;
  let size = textSize();
  cards.style.maxHeight = "none";
  for (cards.style.fontSize = `${size}px`; !fits() && size > 8.5 * options.scale; cards.style.fontSize = `${size}px`) size -= 0.5;
  for (let last = each.length - 1; !fits() && last > 0; --last) {
    each[last].hidden = true;
    cards.querySelector(".more")?.remove();
    cards.append(element("div", "more", `+${each.length - last}`));
  }
  cards.style.maxHeight = `${most.height}px`;
}

const textSize = () => Math.min(Math.max(Math.min(innerHeight / 38, innerWidth / 52), 10), 30) * options.scale;

function draw() {
  drawing = false;
  const frame = newest;
  let people = frame ? frame.people : [];
  if (options.only) people = people.filter(person => options.only.includes(person.id));
  people = [...people].sort((a, b) => a.id - b.id).slice(0, options.people);
  const ids = new Set(people.map(person => person.id));
  for (const id of [...shown.keys()]) if (!ids.has(id)) forget(id);
  if (people.length === 0) {
    fittedTo = "";
    cards.replaceChildren();
    return;
  }
  const at = placement(frame);
  const taken = [];
  faces.style.fontSize = `${textSize()}px`;
  for (const person of people) {
    const made = elementsOf(person);
    const box = boxOf(person, frame, at);
    const said = person.label === null ? "" : isSure(person)
        ? `${wordOf(frame, person.label)} ${percent(person.certainty)}` : "not sure";
    made.box.style.cssText = `left:${box.left}px;top:${box.top}px;width:${box.width}px;height:${box.height}px`;
    made.box.style.borderColor = person.color;
    made.box.classList.toggle("unsure", !isSure(person));
    made.tag.style.background = person.color;
    made.tag.style.color = inkOn(person.color);
    made.tagName.textContent = made.name.textContent = nameOf(person);
    made.tagVerdict.textContent = made.verdict.textContent = said;
    made.at = box;
    made.card.style.borderColor = person.color;
    if (shows.bars) fillBars(made.bars, frame, person, highest(frame, person));
  }
  const all = people.map(person => shown.get(person.id));
  for (const {tag, at: box} of all) if (tag.isConnected) placeTag(tag, box, taken);
  if (shows.bars && byFace) {
    taken.push(...all.map(each => each.at));
    for (const {card, at: box} of all) placeCard(card, box, taken);
  } else if (shows.bars) {
    fitCards(people.length);
  }
}

function drawSoon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

let clearing = 0;
listen(message => {
  if (message.type !== "frame") return;
  newest = message;
  drawSoon();
}, connected => {
  clearTimeout(clearing);
  // What is shown is old then; on a stream, nothing is better than that.
  if (!connected) clearing = setTimeout(() => { newest = null; drawSoon(); }, 1000);
});
addEventListener("resize", () => { fittedTo = ""; drawSoon(); });
document.fonts.ready.then(() => { fittedTo = ""; drawSoon(); });
