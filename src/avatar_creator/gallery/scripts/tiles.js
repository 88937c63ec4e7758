// Where each tile would be if all were there: only those in view are, so that ten thousand are as quick as ten.

const people = $("people");
const GAP_REM = 1.25;
const CAPTION_REM = 3.25; // two lines
const HEADING_REM = 3;
const AHEAD = 0.75; // of a window's height, above and below, is there before it is scrolled to

let shown = [{ name: null, rows: [] }]; // sections, with where they are
let places = []; // of all tiles, in order: [section, position in it]
let grid = { columns: 1, tile: 160, step: 200, gap: 16 };

function arrange() {
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const width = people.clientWidth;
  const least = rem * (width < 30 * rem ? 7.5 : width < 110 * rem ? 9.5 : 11);
  const gap = rem * GAP_REM;
  const count = Math.max(1, Math.floor((width + gap) / (least + gap)));
  const tile = Math.floor((width - gap * (count - 1)) / count);
  grid = { columns: count, tile, gap, step: tile + rem * (CAPTION_REM + GAP_REM) };
  let top = 0;
  for (const section of shown) {
    section.top = top;
    section.head = section.name === null ? 0 : rem * HEADING_REM;
    section.height = section.head + Math.ceil(section.rows.length / count) * grid.step;
    top += section.height;
  }
  people.style.height = `${top}px`;
  people.style.setProperty("--tile", `${tile}px`);
}

let active = 0; // the place that Tab leads to
const sectionNodes = new Map();
const tileNodes = new Map();

function tile(place) {
  const [section, position] = places[place];
  const row = section.rows[position];
  const image = element("img", { src: previews[row], alt: label(row), decoding: "async", draggable: "false" });
  const name = element("b", { dir: "auto" }, value(row, "name"));
  const who = [value(row, "age"), value(row, "gender")].filter((each) => each !== null).join(", ");
  const facts = element("span", { class: "facts" }, element("bdi", {}, who), element("em", {}, value(row, "made")));
  const caption = element("span", { class: "caption", "aria-hidden": "true" }, name, facts);
  const button = element("button", { type: "button", class: "tile", tabindex: "-1" }, image, caption);
  button.dataset.place = place;
  const item = element("li", { "aria-setsize": section.rows.length, "aria-posinset": position + 1 }, button);
  const line = Math.floor(position / grid.columns);
  item.style.top = `${line * grid.step}px`;
  item.style.left = `${(position % grid.columns) * (grid.tile + grid.gap)}px`;
  return item;
}

/** Put what belongs into `parent`, in order, without moving what is there: what has the focus would lose it. */
function fill(parent, wanted) {
  const nodes = new Set(wanted);
  for (const child of Array.from(parent.children)) if (!nodes.has(child)) child.remove();
  let next = parent.firstChild;
  for (const node of wanted) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

function draw() {
  const offset = people.getBoundingClientRect().top;
  const from = -offset - innerHeight * AHEAD;
  const to = -offset + innerHeight * (1 + AHEAD);
  const visible = [];
  const tiles = new Set();
  const focused = document.activeElement?.closest("#people") ? active : -1;
  let first = 0;
  shown.forEach((section, number) => {
    const holds = focused >= first && focused < first + section.rows.length;
    if ((section.top < to && section.top + section.height > from) || holds) {
      if (!sectionNodes.has(number)) sectionNodes.set(number, sectionNode(section, number));
      const node = sectionNodes.get(number);
      visible.push(node);
      const inner = section.top + section.head;
      const lines = Math.ceil(section.rows.length / grid.columns);
      const begin = Math.min(Math.max(0, Math.floor((from - inner) / grid.step)), lines) * grid.columns;
      const end = Math.min(Math.max(0, Math.ceil((to - inner) / grid.step)) * grid.columns, section.rows.length);
      const wanted = [];
      for (let position = begin; position < end; position += 1) wanted.push(first + position);
      if (holds && (focused < first + begin || focused >= first + end)) {
        if (focused < first + begin) wanted.unshift(focused);
        else wanted.push(focused);
      }
      for (const place of wanted) tiles.add(place);
      fill(
        node.lastChild,
        wanted.map((place) => {
          if (!tileNodes.has(place)) tileNodes.set(place, tile(place));
          return tileNodes.get(place);
        })
      );
    }
    first += section.rows.length;
  });
  fill(people, visible);
  for (const place of tileNodes.keys()) if (!tiles.has(place)) tileNodes.delete(place);
  if (focused < 0 && places.length) {
    // Tab leads to what is in view.
    const seen = Array.from(tiles).sort((a, b) => a - b).find((place) => topOf(place) + offset >= 0);
    if (!tiles.has(active) || topOf(active) + offset < 0 || topOf(active) + offset > innerHeight) active = seen ?? 0;
  }
  for (const [place, node] of tileNodes) node.firstChild.tabIndex = place === active ? 0 : -1;
}

function sectionNode(section, number) {
  const list = element("ul", { role: "list" });
  const node = element("section", {}, list);
  if (section.name !== null) {
    const id = `section-${number}`;
    const total = element("span", { class: "number" }, section.rows.length.toLocaleString("en"));
    node.prepend(element("h2", { id }, element("bdi", {}, section.name), " ", total));
    node.setAttribute("aria-labelledby", id);
  }
  node.style.top = `${section.top}px`;
  list.style.height = `${section.height - section.head}px`;
  return node;
}

function topOf(place) {
  const [section, position] = places[place];
  return section.top + section.head + Math.floor(position / grid.columns) * grid.step;
}

function redraw() {
  sectionNodes.clear();
  tileNodes.clear();
  people.replaceChildren();
  arrange();
  draw();
}

const rowAt = (place) => places[place]?.[0].rows[places[place][1]];

function placeOf(row) {
  return Math.max(0, places.findIndex(([section, position]) => section.rows[position] === row));
}

/** Show those that match, from the first of them; or from that `row`, which is in view. */
function update(row = null) {
  match();
  shown = sections();
  places = shown.flatMap((section) => section.rows.map((_, position) => [section, position]));
  active = row === null ? 0 : placeOf(row);
  if (row === null && people.getBoundingClientRect().top < 0) scrollTo(0, 0);
  redraw();
  say();
  $("nobody").hidden = matches.length > 0 || !rows.length;
}

let state = ""; // of a live page

function say() {
  const all = rows.length.toLocaleString("en");
  const some = matches.length.toLocaleString("en");
  const unit = rows.length === 1 ? "avatar" : "avatars";
  const total = matches.length === rows.length ? `${all} ${unit}` : `${some} of ${all} ${unit}`;
  $("count").textContent = state ? `${total}, ${state}` : total;
}
