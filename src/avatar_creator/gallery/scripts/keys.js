// The keys that lead from tile to tile, and to the search.

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
