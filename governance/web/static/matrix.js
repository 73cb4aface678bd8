// Arrow keys walk a table from cell to cell; without this script, the tabulator does, link by link.
"use strict";
document.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const table = event.target instanceof Element ? event.target.closest("table[data-walk]") : null;
  const cell = table ? event.target.closest("td") : null;
  if (!cell || !(event.key in steps || event.key === "Home" || event.key === "End") || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...table.tBodies[0].rows];
  const links = (row) => [...row.cells].map((each) => each.querySelector("a"));
  let row = rows.indexOf(cell.parentElement);
  let column = [...cell.parentElement.cells].indexOf(cell);
  if (event.key === "Home" || event.key === "End") {
    const found = links(rows[row]).filter(Boolean);
    const edge = event.key === "Home" ? found[0] : found[found.length - 1];
    if (edge) { event.preventDefault(); edge.focus(); }
    return;
  }
  const [down, right] = steps[event.key];
  for (;;) {
    row += down;
    column += right;
    if (row < 0 || row >= rows.length || column < 1 || column >= rows[row].cells.length) return;
    const link = rows[row].cells[column].querySelector("a");
    if (link) { event.preventDefault(); link.focus(); return; }
  }
});

// Where all of it is in sight, nothing says that one can scroll.
const hint = document.getElementById("matrix-hint");
const scrolled = document.querySelector(".matrix-scroll");
if (hint && scrolled) new ResizeObserver(() => { hint.hidden = scrolled.scrollWidth <= scrolled.clientWidth; }).observe(scrolled);
