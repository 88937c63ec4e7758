// Search, order, theme; and paper, where all that match are, as nothing is in view there.

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

// -- paper

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
