"use strict";
// Everything can be read without this: it only filters, and shows what is around a node.
const BOX = 256, STEP = 312;  // of what is around a node: the width of a box, and from one column to the next
const SVG = "http://www.w3.org/2000/svg";
const make = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

class Graph {
  constructor(figure) {
    this.figure = figure;
    this.name = figure.id.replace("graph-", "");
    const data = JSON.parse(figure.querySelector(".graph-data").textContent);
    this.nodes = data.nodes;
    this.after = data.after;
    this.before = data.nodes.map(() => []);
    this.after.forEach((targets, a) => targets.forEach((b) => this.before[b].push(a)));
    this.svg = figure.querySelector(".canvas svg");
    this.links = [...this.svg.querySelectorAll("a")];
    this.lines = [...this.svg.querySelectorAll(".line")];
    this.find = figure.querySelector(".find");
    this.depth = figure.querySelector(".depth");
    this.said = figure.querySelector(".said");
    this.view = figure.querySelector(".near-view");
    this.chosen = null;
    this.listen();
  }

  listen() {
    this.svg.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.choose(Number(link.dataset.n));
    });
    this.svg.addEventListener("keydown", (event) => this.walk(event));
    this.find.addEventListener("input", () => this.search());
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { const [first] = this.matches(); if (first !== undefined) this.choose(first); }
    });
    this.depth.addEventListener("change", () => this.choose(this.chosen));
    this.figure.querySelector(".clear").addEventListener("click", () => { this.find.value = ""; this.choose(null); });
    this.links[0]?.setAttribute("tabindex", "0");
  }

  matches() {
    const wanted = this.find.value.trim().toLowerCase();
    if (!wanted) return [];
    const names = this.nodes.map((node) => node.words[0].toLowerCase());
    const found = [...names.keys()].filter((k) => names[k].includes(wanted));
    return found.sort((a, b) => (names[b] === wanted) - (names[a] === wanted));
  }

  search() {
    const found = new Set(this.matches());
    this.links.forEach((link, k) => link.classList.toggle("found", found.has(k)));
    this.said.textContent = this.find.value.trim() ? `${found.size} found` : "";
    const exact = this.nodes.findIndex((node) => node.words[0] === this.find.value);
    if (exact >= 0) this.choose(exact);
    this.remember();
  }

  walk(event) {
    const link = event.target.closest("a");
    if (!link) return;
    const k = Number(link.dataset.n);
    const next = { ArrowDown: this.after[k][0], ArrowUp: this.before[k][0],
      ArrowRight: (k + 1) % this.nodes.length, ArrowLeft: (k + this.nodes.length - 1) % this.nodes.length }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    link.setAttribute("tabindex", "-1");
    this.links[next].setAttribute("tabindex", "0");
    this.links[next].focus();
  }

  // By node its signed distance: what it rests on below, what rests on it above.
  around(start, depth) {
    const found = new Map([[start, 0]]);
    for (const [next, sign] of [[this.after, 1], [this.before, -1]]) {
      let edge = [start];
      for (let step = 1; step <= depth; step += 1) {
        edge = edge.flatMap((k) => next[k]).filter((k) => !found.has(k) && found.set(k, sign * step));
      }
    }
    return found;
  }

  choose(k) {
    this.chosen = k;
    const found = k === null ? new Map() : this.around(k, Number(this.depth.value));
    this.svg.classList.toggle("faint", k !== null);
    this.links.forEach((link, n) => { link.classList.toggle("near", found.has(n)); link.classList.toggle("chosen", n === k); });
    for (const line of this.lines) line.classList.toggle("near", found.has(Number(line.dataset.a)) && found.has(Number(line.dataset.b)));
    if (k !== null) this.show(this.links[k]);
    this.view.replaceChildren(...(k === null ? [] : this.neighbourhood(k, found)));
    this.said.textContent = k === null ? "" : `${found.size - 1} around ${this.nodes[k].words[0].split(".").pop()}`;
    this.remember();
  }

  // In the middle of its frame, where that is narrower than the graph.
  show(link) {
    const frame = this.svg.parentElement, [at, box] = [link, frame].map((one) => one.getBoundingClientRect());
    frame.scrollLeft += at.left + at.width / 2 - box.left - box.width / 2;
  }

  neighbourhood(k, found) {
    const columns = new Map();
    [...found].sort((a, b) => a[1] - b[1] || a[0] - b[0]).forEach(([n, step]) => columns.set(step, [...(columns.get(step) ?? []), n]));
    const height = 30 * Math.max(...[...columns.values()].map((column) => column.length)) + 34;
    const svg = make("svg", { class: "natural", width: STEP * columns.size, height, viewBox: `0 0 ${STEP * columns.size} ${height}`, role: "group",
      "aria-label": `What is around ${this.nodes[k].words[0]}` });
    const places = new Map();
    [...columns].forEach(([step, column], c) => {
      const steps = Math.abs(step) > 1 ? `, ${Math.abs(step)} steps` : "";
      const says = step === 0 ? "" : (step < 0 ? this.figure.dataset.before : this.figure.dataset.after) + steps;
      svg.append(make("text", { class: "quiet", x: STEP * c + 12, y: 18, "font-size": 12 }, says));
      column.forEach((n, row) => places.set(n, [STEP * c + 12, 34 + 30 * row + (height - 34 - 30 * column.length) / 2]));
    });
    for (const [a] of found) for (const b of this.after[a]) if (found.has(b)) {
      const [x0, y0] = places.get(a), [x1, y1] = places.get(b);
      if (x0 === x1) continue;
      const [start, end] = x1 > x0 ? [x0 + BOX, x1] : [x0, x1 + BOX];
      const bend = (end - start) / 2;
      svg.append(make("path", { class: a === k || b === k ? "line near" : "line",
        d: `M${start} ${y0 + 12}C${start + bend} ${y0 + 12} ${end - bend} ${y1 + 12} ${end} ${y1 + 12}` }));
    }
    for (const [n, [x, y]] of places) svg.append(this.label(n, x, y, n === k));
    const wrap = document.createElement("div");
    wrap.className = "canvas";
    wrap.append(svg);
    const open = document.createElement("p");
    open.className = "small";
    const link = document.createElement("a");
    link.href = this.nodes[k].href;
    link.textContent = this.nodes[k].words[0];
    open.append(link, ` – ${this.nodes[k].words.slice(1).join("; ")}`);
    return [open, wrap];
  }

  label(n, x, y, chosen) {
    const node = this.nodes[n];
    const link = make("a", { href: node.href, "data-n": n, class: `box ${node.shade.replaceAll(" ", "-")}` });
    link.append(make("title", {}, node.words.join("\n")));
    link.append(make("rect", { class: "mark", x, y, width: BOX, height: 24, rx: node.square ? 4 : 12 }));
    const short = node.words[0].includes(".") ? node.words[0].split(".").pop() : `${node.words[0]}  ${node.words[1] ?? ""}`;
    const cut = short.length > 33 ? `${short.slice(0, 32)}…` : short;
    link.append(make("text", { x: x + 10, y: y + 16.5, "font-size": 12, "font-weight": chosen ? 700 : 400 }, cut));
    link.addEventListener("click", (event) => {
      if (chosen || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.choose(n);
    });
    return link;
  }

  remember() {
    const state = new URLSearchParams();
    state.set("graph", this.name);
    if (this.chosen !== null) { state.set("node", this.nodes[this.chosen].words[0]); state.set("depth", this.depth.value); }
    if (this.find.value) state.set("find", this.find.value);
    if (!Graph.restoring) history.replaceState(null, "", state.size > 1 ? `#${state}` : location.pathname + location.search);
  }

  restore(state) {
    this.depth.value = state.get("depth") ?? "1";
    this.find.value = state.get("find") ?? "";
    const k = this.nodes.findIndex((node) => node.words[0] === state.get("node"));
    if (this.find.value) this.search();
    this.choose(k < 0 ? null : k);
    this.figure.scrollIntoView({ block: "start" });
  }
}
Graph.restoring = false;

const graphs = new Map([...document.querySelectorAll("figure.graph")].map((figure) => [figure.id.replace("graph-", ""), new Graph(figure)]));

// What a fragment names: a view of a graph, or something inside what is closed.
function follow() {
  const fragment = decodeURIComponent(location.hash.slice(1));
  const state = new URLSearchParams(location.hash.slice(1));
  if (graphs.has(state.get("graph"))) {
    Graph.restoring = true;
    graphs.get(state.get("graph")).restore(state);
    Graph.restoring = false;
    return;
  }
  const target = document.getElementById(fragment);
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  target?.scrollIntoView();
}
addEventListener("hashchange", follow);

const theorems = [...document.querySelectorAll("details.theorem")];
const words = theorems.map((theorem) => `${theorem.querySelector("article").getAttribute("aria-label")} ${theorem.querySelector("summary").textContent} ${theorem.querySelector("p").textContent}`.toLowerCase());
function filter() {
  const wanted = document.getElementById("filter-text").value.trim().toLowerCase();
  const verdict = document.getElementById("filter-verdict").value;
  let shown = 0;
  theorems.forEach((theorem, k) => {
    theorem.hidden = !words[k].includes(wanted) || (verdict && theorem.dataset.verdict !== verdict);
    shown += !theorem.hidden;
  });
  for (const family of document.querySelectorAll(".family")) family.hidden = !family.querySelector("details.theorem:not([hidden])");
  document.getElementById("filter-said").textContent = shown < theorems.length ? `${shown} of ${theorems.length}` : "";
}
document.getElementById("filter-text").addEventListener("input", filter);
document.getElementById("filter-verdict").addEventListener("change", filter);
document.getElementById("open-all").addEventListener("click", (event) => {
  const open = event.target.textContent === "Open all";
  for (const theorem of theorems) theorem.open = open;
  event.target.textContent = open ? "Close all" : "Open all";
});
for (const hidden of document.querySelectorAll(".controls, .js-only")) hidden.hidden = false;
addEventListener("beforeprint", () => { for (const theorem of theorems) theorem.open = true; });
follow();
