"use strict";

// Shows the rows of #data. Only what is in view is in the document, so that ten thousand pictures are as quick as ten.
// Every text is set as text, never as markup.

(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
    made.append(...children); // texts become text nodes
    return made;
  }

  // -- data

  const { columns, texts, rows } = JSON.parse($("data").textContent);
  const at = Object.fromEntries(columns.map((column, index) => [column.key, index]));
  // The small pictures stand once in the file: in the list that is shown where no script runs.
  const plainList = document.querySelector("noscript").textContent;
  const previews = Array.from(plainList.matchAll(/<img src="([^"]*)"/g), (match) => match[1].replaceAll("&amp;", "&"));

  function cell(row, index) {
    const value = rows[row][index] ?? null;
    return value !== null && columns[index].shared ? texts[value] : value;
  }

  const value = (row, key) => cell(row, at[key]);
  const label = (row) => `${value(row, "name")}, ${value(row, "about")}`;

  // -- search: letters without case and accents, as the library folds them

  const PLAIN = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", æ: "ae", œ: "oe", þ: "th", ı: "i", ς: "σ" };
  // Accents of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic.
  const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
  // In these scripts spaces are between words: the start of one finds it. In all others any part does.
  const SPACED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Nd}]/u;

  function fold(text) {
    const lower = text.toLowerCase();
    if (/^[\0-\x7f]*$/.test(lower)) return lower.replace(/[^0-9a-z]+/g, " ");
    const plain = lower.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase();
    return plain.replace(/[ßøłđðħŧæœþıς]/g, (letter) => PLAIN[letter]).replace(/[^\p{L}\p{N}\p{M}\p{So}]+/gu, " ");
  }

  const SEARCHED = columns.flatMap((column, index) =>
    column.key === "name" || (column.section && column.section !== "Rights" && column.key !== "sha256") ? [index] : []
  );
  const folded = new Array(rows.length);

  function haystack(row) {
    folded[row] ??= " " + SEARCHED.map((index) => fold([cell(row, index) ?? ""].flat().join(" "))).join(" = ") + " ";
    return folded[row];
  }

  function phrases(query) {
    const found = [];
    for (const [, quoted, word] of query.replace(/[“”„‟«»＂]/g, '"').matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
      const phrase = fold(quoted ?? word).trim();
      if (phrase) found.push((SPACED.test(phrase) ? " " : "") + phrase + (quoted !== undefined && SPACED.test(phrase) ? " " : ""));
    }
    return found;
  }

  // -- facets: what people filter and group by

  const NOT_SAID = "not said";

  function facetOf(column, index) {
    const numbers = new Map((column.values ?? []).map((known, number) => [known, number]));
    const codes = rows.map((_, row) => {
      const said = cell(row, index);
      return [said ?? NOT_SAID].flat().map((each) => {
        const key = each === NOT_SAID && said === null ? null : String(each);
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        return numbers.get(key);
      });
    });
    const names = Array.from(numbers.keys(), (key) => key ?? NOT_SAID);
    return { label: column.label, codes, names, known: column.values?.length ?? 0, missing: numbers.get(null), chosen: new Set() };
  }

  // Known values come in their order, then the others by how many have them; those who lack one come last.
  function sortValues(facet) {
    const totals = (facet.totals = new Array(facet.names.length).fill(0));
    for (const codes of facet.codes) for (const code of codes) totals[code] += 1;
    const rank = (code) => (code === facet.missing ? 2 : code < facet.known ? 0 : 1);
    facet.order = facet.names
      .map((_, code) => code)
      .filter((code) => totals[code])
      .sort((a, b) => rank(a) - rank(b) || (rank(a) ? totals[b] - totals[a] : a - b));
  }

  const VALUES_SHOWN = 10; // and as many more each time
  const OPEN = 4; // facets

  function addValue(facet, code) {
    const box = element("input", { type: "checkbox" });
    const count = element("span", { class: "number" }, facet.totals[code]);
    box.addEventListener("change", () => {
      if (box.checked) facet.chosen.add(code);
      else facet.chosen.delete(code);
      update();
    });
    box.checked = facet.chosen.has(code);
    box.dataset.value = `${facet.label}: ${facet.names[code]}`;
    facet.shown.set(code, { box, count });
    facet.list.append(element("li", {}, element("label", {}, box, element("bdi", {}, facet.names[code]), count)));
    return box;
  }

  let facets = [];

  /** Make the filters of the rows that there are; what was chosen in those before, and how they were, stays. */
  function setFacets() {
    const before = new Map(facets.map((facet) => [facet.label, facet]));
    const grouped = $("group").value && facets[Number($("group").value)].label;
    const focused = $("filters").contains(document.activeElement) && document.activeElement.dataset.value;
    const scrolled = $("filters").scrollTop;
    $("filters").replaceChildren();
    $("group").length = 1;
    facets = columns
      .flatMap((column, index) => (column.filtered ? [facetOf(column, index)] : []))
      .filter((facet) => new Set(facet.codes.flat()).size > 1);
    facets.forEach((facet, number) => {
      const was = before.get(facet.label);
      for (const code of was?.chosen ?? []) facet.chosen.add(facet.names.indexOf(was.names[code]));
      sortValues(facet);
      showFacet(facet, number, was);
      if (facet.label === grouped) $("group").value = number;
    });
    $("filters").hidden = $("filtering").hidden = !facets.length;
    $("filters").scrollTop = scrolled;
    for (const node of $("filters").querySelectorAll("[data-value]"))
      if (node.dataset.value === focused) node.focus({ preventScroll: true });
  }

  function showFacet(facet, number, was) {
    facet.shown = new Map();
    facet.list = element("ul");
    const group = element("div", { role: "group", "aria-label": facet.label }, facet.list);
    const summary = element("summary", { "data-value": facet.label }, facet.label);
    facet.details = element("details", (was?.details.open ?? number < OPEN) ? { open: "" } : {}, summary, group);
    $("filters").append(facet.details);
    $("group").append(element("option", { value: number }, facet.label.toLowerCase()));
    const more = element("button", { type: "button", class: "more" });

    function addValues() {
      const left = facet.order.slice(facet.shown.size);
      const now = left.length <= VALUES_SHOWN + 1 ? left : left.slice(0, VALUES_SHOWN);
      const boxes = now.map((code) => addValue(facet, code));
      more.textContent = `${left.length - now.length} more`;
      if (left.length === now.length) more.remove();
      else group.append(more);
      return boxes[0];
    }

    more.addEventListener("click", () => {
      const first = addValues();
      match(); // for their counts
      first.focus();
    });
    do addValues();
    while (facet.shown.size < Math.min(was?.shown.size ?? 0, facet.order.length));
  }

  // -- which rows match, and in which order

  let words = [];
  let matches = [];

  function match() {
    const counts = facets.map((facet) => new Int32Array(facet.names.length));
    const limiting = facets.flatMap((facet, number) => (facet.chosen.size ? [number] : []));
    matches = [];
    for (let row = 0; row < rows.length; row += 1) {
      if (words.length && !words.every((word) => haystack(row).includes(word))) continue;
      const failed = limiting.filter((number) => !facets[number].codes[row].some((code) => facets[number].chosen.has(code)));
      if (failed.length > 1) continue;
      // A value's count is how many would match if it were chosen too: the other facets' choices hold.
      if (failed.length) for (const code of facets[failed[0]].codes[row]) counts[failed[0]][code] += 1;
      else {
        matches.push(row);
        for (let number = 0; number < facets.length; number += 1)
          for (const code of facets[number].codes[row]) counts[number][code] += 1;
      }
    }
    facets.forEach((facet, number) => {
      for (const [code, { count }] of facet.shown) {
        count.textContent = counts[number][code].toLocaleString("en");
        count.parentElement.classList.toggle("none", !counts[number][code] && !facet.chosen.has(code));
      }
    });
  }

  const ranks = {};

  function rankBy(key) {
    if (key in ranks) return ranks[key];
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    const keys = rows.map((_, row) => value(row, key));
    const order = rows.map((_, row) => row);
    if (key === "name") order.sort((a, b) => compare(keys[a], keys[b]));
    if (key === "age") order.sort((a, b) => (keys[a] ?? Infinity) - (keys[b] ?? Infinity) || a - b);
    if (key === "created_at") order.sort((a, b) => (keys[a] < keys[b] ? 1 : keys[a] > keys[b] ? -1 : a - b));
    const rank = new Int32Array(rows.length);
    order.forEach((row, position) => (rank[row] = position));
    return (ranks[key] = rank);
  }

  function sections() {
    const key = $("sort").value;
    if (key) {
      const rank = rankBy(key);
      matches.sort((a, b) => rank[a] - rank[b]);
    }
    if ($("group").value === "") return [{ name: null, rows: matches }];
    const facet = facets[Number($("group").value)];
    const found = new Map(facet.order.map((code) => [code, []]));
    for (const row of matches) for (const code of facet.codes[row]) found.get(code).push(row);
    return Array.from(found, ([code, members]) => ({ name: facet.names[code], rows: members })).filter((each) => each.rows.length);
  }

  // -- layout: where each tile would be if all were there

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

  // -- keys

  const lineOf = (position) => Math.floor(position / grid.columns);

  /** Return the place above or below another one, which may be in another section. */
  function across(place, by) {
    const [section, position] = places[place];
    const first = place - position;
    const last = section.rows.length - 1;
    const line = lineOf(position) + by;
    if (line >= 0 && line <= lineOf(last)) return first + Math.min(position + by * grid.columns, last);
    const neighbour = places[by < 0 ? first - 1 : first + last + 1];
    if (!neighbour) return place;
    const end = neighbour[0].rows.length - 1;
    const begin = by < 0 ? lineOf(end) * grid.columns : 0;
    return (by < 0 ? first - end - 1 : first + last + 1) + Math.min(begin + (position % grid.columns), end);
  }

  function acrossPage(by) {
    let place = active;
    for (let lines = Math.max(1, Math.floor(innerHeight / grid.step) - 1); lines; lines -= 1) place = across(place, by);
    return place;
  }

  const moves = {
    ArrowLeft: () => active - 1,
    ArrowRight: () => active + 1,
    ArrowUp: () => across(active, -1),
    ArrowDown: () => across(active, 1),
    PageUp: () => acrossPage(-1),
    PageDown: () => acrossPage(1),
    Home: () => 0,
    End: () => Infinity,
  };

  function go(place) {
    active = Math.min(Math.max(place, 0), places.length - 1);
    const offset = people.getBoundingClientRect().top;
    const top = topOf(active) + offset;
    const head = document.querySelector(".head").offsetHeight;
    if (top < head) scrollBy(0, top - head - grid.gap);
    else if (top + grid.step > innerHeight) scrollBy(0, top + grid.step - innerHeight);
    draw();
    tileNodes.get(active)?.firstChild.focus({ preventScroll: true });
    draw();
  }

  people.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(move());
  });
  people.addEventListener("focusin", (event) => {
    const place = event.target.dataset?.place;
    if (place === undefined) return;
    active = Number(place);
    for (const [each, node] of tileNodes) node.firstChild.tabIndex = each === active ? 0 : -1;
  });
  people.addEventListener("click", (event) => {
    const button = event.target.closest(".tile");
    if (button) open(Number(button.dataset.place));
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input[type=search], select, dialog");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      $("search").select();
      $("search").focus();
    }
  });

  // -- the lightbox

  let opened = 0;

  function open(place) {
    opened = place;
    fillBox();
    $("box").showModal();
    $("box").focus();
  }

  function fillBox() {
    const [section, position] = places[opened];
    const row = section.rows[position];
    $("box-picture").setAttribute("src", value(row, "picture") ?? previews[row]);
    $("box-picture").setAttribute("alt", value(row, "alt_text") ?? label(row));
    $("box-name").textContent = value(row, "name");
    $("box-about").textContent = value(row, "about");
    const record = new Map();
    columns.forEach((column, index) => {
      const said = cell(row, index);
      if (!column.section || said === null) return;
      if (!record.has(column.section)) record.set(column.section, element("dl"));
      const text = Array.isArray(said) ? said.join(", ") : String(said);
      record.get(column.section).append(element("div", {}, element("dt", {}, column.label), element("dd", { dir: "auto" }, text)));
    });
    $("box-record").replaceChildren(
      ...Array.from(record, ([name, list]) => element("section", {}, element("h3", {}, name), list))
    );
    $("box").scrollTop = 0;
    placeBox();
  }

  function placeBox() {
    $("box-place").textContent = `${(opened + 1).toLocaleString("en")} of ${places.length.toLocaleString("en")}`;
    $("previous").disabled = opened === 0;
    $("next").disabled = opened === places.length - 1;
  }

  function turn(by) {
    if (!places[opened + by]) return;
    opened += by;
    fillBox();
  }

  $("previous").addEventListener("click", () => turn(-1));
  $("next").addEventListener("click", () => turn(1));
  $("close").addEventListener("click", () => $("box").close());
  $("box").addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  });
  $("box").addEventListener("click", (event) => {
    if (event.target === $("box")) $("box").close(); // beside it
  });
  $("box").addEventListener("close", () => go(opened));

  // -- controls

  $("search").addEventListener("input", () => {
    words = phrases($("search").value);
    update();
  });
  $("search").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      if (places.length) go(0);
    }
  });
  $("group").addEventListener("change", () => update());
  $("sort").addEventListener("change", () => update());
  $("clear").addEventListener("click", () => {
    $("search").value = "";
    words = [];
    for (const facet of facets) {
      facet.chosen.clear();
      for (const { box } of facet.shown.values()) box.checked = false;
    }
    update();
    $("search").focus();
  });
  $("filtering").addEventListener("click", () => {
    const isOpen = root.classList.toggle("filtering");
    $("filtering").setAttribute("aria-expanded", isOpen);
    redraw();
  });

  const dark = matchMedia("(prefers-color-scheme: dark)");

  function theme(chosen) {
    if (chosen) root.dataset.theme = chosen;
    const isDark = (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
    $("theme").textContent = isDark ? "Light" : "Dark";
    return isDark;
  }

  $("theme").addEventListener("click", () => theme(theme() ? "light" : "dark"));
  dark.addEventListener("change", () => theme());

  // -- paper: all that match, as nothing is in view there

  addEventListener("beforeprint", () => {
    $("paper").replaceChildren(
      ...shown.map((section) => {
        const items = section.rows.map((row) =>
          element(
            "li",
            {},
            element("img", { src: previews[row], alt: "" }),
            element("span", {}, element("b", { dir: "auto" }, value(row, "name")), value(row, "about"))
          )
        );
        const heading = section.name === null ? [] : [element("h2", {}, element("bdi", {}, section.name))];
        return element("section", {}, ...heading, element("ul", {}, ...items));
      })
    );
  });
  addEventListener("afterprint", () => $("paper").replaceChildren());

  // -- rows that a live page gets later, and those that change

  const numbers = new Map(); // of rows, by id
  const textNumbers = new Map(); // of texts that rows share

  function take(listing) {
    for (const row of listing.rows) {
      columns.forEach((column, index) => {
        if (!column.shared || row[index] === null) return;
        const text = listing.texts[row[index]];
        if (!textNumbers.has(text)) textNumbers.set(text, texts.push(text) - 1);
        row[index] = textNumbers.get(text);
      });
      const id = row[at.id];
      if (!numbers.has(id)) numbers.set(id, rows.length);
      const number = numbers.get(id);
      rows[number] = row;
      previews[number] = row[at.picture].replace("pictures/", "thumbnails/");
      folded[number] = undefined;
    }
    for (const key of Object.keys(ranks)) delete ranks[key];
  }

  /** Show rows that have come; who looks at a picture, reads, types or chooses is not disturbed. */
  function add(listing) {
    if (!listing.rows.length) return;
    const [row, openedRow] = [rowAt(active), rowAt(opened)];
    const isOpen = $("box").open;
    const isFocused = people.contains(document.activeElement);
    const isScrolled = people.getBoundingClientRect().top < 0;
    const was = row === undefined ? 0 : topOf(active);
    const before = rows[openedRow];
    take(listing);
    setFacets();
    update(row ?? null);
    if (row !== undefined && isScrolled) scrollBy(0, topOf(active) - was);
    if (isFocused && row !== undefined) go(active);
    if (!isOpen) return;
    opened = placeOf(openedRow);
    if (rows[openedRow] === before) placeBox();
    else fillBox();
  }

  document.addEventListener("avatars", ({ detail }) => {
    state = detail.state;
    add(detail);
    say();
  });

  // -- begin

  let waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  }

  addEventListener("scroll", later, { passive: true });
  let width = 0;
  new ResizeObserver(() => {
    if (people.clientWidth === width) return later();
    width = people.clientWidth;
    redraw();
  }).observe(people);

  document.querySelector(".controls").hidden = false;
  setFacets();
  theme();
  update();

  // While nothing else is to be done, texts are folded: the first search finds them so.
  let next = 0;
  (function prepare() {
    const until = performance.now() + 8;
    while (next < rows.length && performance.now() < until) haystack(next++);
    if (next < rows.length) setTimeout(prepare, 16);
  })();
})();
