// One of them large, with all that is known of it.

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
