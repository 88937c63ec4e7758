// Rows that a live page gets later, and those that change.

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
