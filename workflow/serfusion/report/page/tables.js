// Any table can be sorted by its headings, saved as CSV, and scrolled in its box.

// The text of a cell; its first line leaves out what is in small print.
function words(cell, { firstLine = false } = {}) {
  const copy = cell.cloneNode(true);
  for (const part of copy.querySelectorAll("br")) part.replaceWith(" ");
  if (firstLine) for (const part of copy.querySelectorAll("small")) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

const plain = (text) => text.replaceAll("−", "-").replaceAll(",", "");

// A number at the start of a cell, as in "66.5 ± 4.5", "1,234" or "< 0.001".
const LEADING = /^[<>≤≥≈(]?\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w.])/i;
const EMPTY = new Set(["", "-", "–", "—"]);
const collator = new Intl.Collator("en", { numeric: true });

function number(text) {
  const match = LEADING.exec(plain(text));
  return match ? Number(match[1]) : NaN;
}

// Rows with a cell in every column are sorted; rows that head others stay in front of them.
const movable = (body, columns) => [...body.rows].filter((row) => row.cells.length === columns);

// The text of a column's cells, by body; reference rows (class marks) are not sorted.
function columnOf(table, column) {
  const columns = table.tHead.rows[0].cells.length;
  return [...table.tBodies]
    .filter((body) => !body.classList.contains("marks"))
    .map((body) => ({
      body,
      rows: movable(body, columns).map((row) => {
        const text = words(row.cells[column], { firstLine: true });
        return { row, text: EMPTY.has(text) ? null : text };
      }),
    }));
}

function isNumeric(parts) {
  const texts = parts.flatMap(({ rows }) => rows.map(({ text }) => text));
  return texts.every((text) => text === null || !Number.isNaN(number(text)));
}

function sort(parts, numeric, direction) {
  const compare = numeric ? (a, b) => number(a) - number(b) : collator.compare;
  for (const { body, rows } of parts) {
    rows.sort(({ text: a }, { text: b }) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return direction * compare(a, b);
    });
    body.append(...rows.map(({ row }) => row));
  }
}

// The first click puts the largest number first, or the first word.
function sortBy(table, heading, headings) {
  const parts = columnOf(table, heading.cellIndex);
  const numeric = isNumeric(parts);
  const before = heading.ariaSort;
  const ascending = before ? before !== "ascending" : !numeric;
  for (const other of headings) other.removeAttribute("aria-sort");
  heading.ariaSort = ascending ? "ascending" : "descending";
  sort(parts, numeric, ascending ? 1 : -1);
}

// A heading may break into lines, but not between a quantity and its unit.
function keepUnits(heading) {
  for (const part of heading.childNodes) {
    if (part.nodeType === Node.TEXT_NODE) part.data = part.data.replace(/, (?=\S{1,2}\s*$)/, ",\u00a0");
  }
}

function makeSortable(table) {
  const headings = table.tHead?.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
  const shared = [...table.querySelectorAll("[rowspan]")].some((cell) => cell.rowSpan > 1);
  const occupied = headings.some(
    (heading) => heading.colSpan > 1 || heading.querySelector("a, button"),
  );
  const bodies = [...table.tBodies];
  if (shared || occupied || bodies.every((body) => movable(body, headings.length).length < 2)) return;
  for (const heading of headings.filter((heading) => words(heading))) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.className = "sort";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sortBy(table, heading, headings));
  }
}

// A number alone is written as programs read it: without separators, with a plain minus.
function field(cell) {
  const text = words(cell);
  if (text && Number.isFinite(Number(plain(text)))) return plain(text);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

// A cell over several rows or columns stands in the first of them.
function csv(table) {
  const grid = [...table.rows].map(() => []);
  [...table.rows].forEach((row, y) => {
    for (const cell of row.cells) {
      let x = 0;
      while (grid[y][x] !== undefined) x++;
      for (let down = 0; down < cell.rowSpan; down++) {
        for (let right = 0; right < cell.colSpan; right++) {
          grid[y + down][x + right] = down || right ? "" : field(cell);
        }
      }
    }
  });
  return grid.map((fields) => `${fields.join(",")}\r\n`).join("");
}

// Spreadsheets recognise UTF-8 by this mark.
const MARK = "\ufeff";

// Only a box that scrolls needs to be reached by the keyboard.
const fits = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function makeScrollable(box, title) {
  box.role = "group";
  box.ariaLabel = title;
  fits.observe(box);
}

for (const table of document.querySelectorAll("main table")) {
  const title = nameUnder(table, "table", table.caption && words(table.caption));
  const box = table.closest(".scroll");
  if (!table.caption) table.ariaLabel = title;
  if (box) makeScrollable(box, title);
  table.querySelectorAll("thead th").forEach(keepUnits);
  makeSortable(table);
  const button = saveButton("CSV", title, (name) => offer([MARK, csv(table)], "text/csv", name));
  (box ?? table).after(button);
}
for (const text of document.querySelectorAll("main pre")) {
  makeScrollable(text, nameUnder(text, "text"));
}
