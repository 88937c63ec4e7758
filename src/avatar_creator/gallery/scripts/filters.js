// What people filter and group by, and which rows match, in which order.

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
