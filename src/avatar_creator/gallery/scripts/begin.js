// Shows the page, and again when it is scrolled or resized.

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
  const until = performance.now() + 25;
  while (next < rows.length && performance.now() < until) haystack(next++);
  if (next < rows.length) setTimeout(prepare);
})();
