// What both pages share: the connection, and what a frame says in words.

export const query = new URLSearchParams(location.search);

// Calls `on(message)` for each frame and marker, and `changed(connected)`. Connects again by
// itself, for as long as the page is there.
export function listen(on, changed) {
  let wait = 500;
  const connect = () => {
    const token = query.get("token");
    const socket = new WebSocket(
        `ws://${location.host}/ws${token ? "?token=" + encodeURIComponent(token) : ""}`);
    socket.onopen = () => { wait = 500; changed(true); };
    socket.onmessage = event => {
      const message = JSON.parse(event.data);
      if (message.version === 1) on(message);
    };
    socket.onclose = () => {
      changed(false);
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  connect();
}

export const nameOf = person => person.name || `P${person.id}`;
export const percent = share => `${Math.round(100 * (share || 0))}%`;

export function wordOf(frame, id) {
  const label = frame.labels.find(each => each.id === id);
  return label ? label.word : id || "";
}
export function colorOf(frame, id) {
  const label = frame.labels.find(each => each.id === id);
  return label ? label.color : "#a0a4b0";
}
export const isSure = person => person.verdict !== "not sure";

// Black or white, whichever reads better on "#rrggbb" (WCAG relative luminance).
export function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map(at => {
    const channel = parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b >= 0.179 ? "#101218" : "#ffffff";
}

export function element(kind, names = "", text = "") {
  const made = document.createElement(kind);
  made.className = names;
  made.textContent = text;
  return made;
}

// Rows of word, bar and share for these labels; the same elements again when the labels are the
// same, so that nothing jumps.
export function fillBars(into, frame, person, labels) {
  const key = labels.map(label => label.id).join("\n");
  if (into.dataset.key !== key) {
    into.dataset.key = key;
    into.replaceChildren();
    for (const label of labels) {
      const bar = element("div", "bar");
      bar.append(element("i"));
      bar.firstChild.style.background = label.color;
      into.append(element("span", "word", label.word), bar, element("span", "share"));
    }
  }
  labels.forEach((label, i) => {
    const share = person.expressions[label.id] || 0;
    into.children[3 * i + 1].firstChild.style.width = `${100 * share}%`;
    into.children[3 * i + 2].textContent = percent(share);
  });
}
