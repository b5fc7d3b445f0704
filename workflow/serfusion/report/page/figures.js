// Figures are drawn when they come near the view, and again when the colours change.

const root = document.documentElement;
const printing = matchMedia("print");
const charts = [...document.querySelectorAll(".chart")];
const drawn = new Map();
let onPaper = false;

const scheme = () => (onPaper ? "light" : root.dataset.scheme);

function theme(scheme) {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.colorScheme = scheme;
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const narrow = window.innerWidth < 600;
  const text = {
    labelColor: colour("ink"),
    labelFontSize: 12,
    titleColor: colour("quiet"),
    titleFontWeight: "normal",
    titleFontSize: 12,
  };
  const ramp = [colour("ramp-low"), colour("ramp-high")];
  const config = {
    background: colour("paper"),
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: {
      ...text,
      gridColor: colour("line"),
      domainColor: colour("line"),
      tickColor: colour("line"),
      labelLimit: narrow ? 140 : 240,
    },
    legend: { ...text, orient: "top", columns: narrow ? 1 : 0, labelLimit: 220 },
    header: text,
    title: { color: colour("ink"), subtitleColor: colour("quiet") },
    mark: { color: colour("series-1") },
    text: { color: colour("ink") },
    rule: { color: colour("quiet") },
    range: {
      category: [1, 2, 3, 4, 5, 6].map((place) => colour(`series-${place}`)),
      heatmap: ramp,
      ramp,
    },
  };
  probe.remove();
  return config;
}

// Marks without a tooltip in the specification show what they encode.
async function embed(chart, container, scheme, { config, wide } = {}) {
  const text = chart.nextElementSibling.textContent;
  const spec = { ...JSON.parse(text), config: { ...theme(scheme), ...config } };
  if (!text.includes('"tooltip":')) spec.config.mark.tooltip = true;
  if (spec.width === "container") Object.assign(spec, wide);
  return vegaEmbed(container, spec, { renderer: "svg", actions: false });
}

// The page describes a figure in words; screen readers need not read its marks one by one.
const ON_SCREEN = { aria: false, background: "transparent" };

function draw(chart) {
  if (drawn.get(chart)?.scheme === scheme()) return;
  erase(chart);
  const container = chart.appendChild(document.createElement("div"));
  container.ariaHidden = "true";
  const result = embed(chart, container, scheme(), { config: ON_SCREEN });
  drawn.set(chart, { scheme: scheme(), container, result });
  result
    .then(() => (chart.style.minHeight = ""))
    .catch((error) => {
      container.textContent = `This figure could not be drawn: ${error.message}`;
      console.error(error);
    });
}

function erase(chart) {
  if (!drawn.has(chart)) return;
  const { container, result } = drawn.get(chart);
  chart.style.minHeight = `${chart.offsetHeight}px`;
  container.remove();
  result.then((embedded) => embedded.finalize()).catch(() => {});
  drawn.delete(chart);
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      draw(target);
    }
  },
  { rootMargin: "600px 0px" },
);

function drawAnew() {
  if (onPaper) return;
  for (const chart of charts) {
    if (drawn.get(chart)?.scheme === scheme()) continue;
    erase(chart);
    near.observe(chart);
  }
}

// Before printing, every figure is drawn and everything folded is opened.
let unfolded = [];

function toPaper() {
  if (onPaper) return;
  onPaper = true;
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const details of unfolded) details.open = true;
  charts.forEach(draw);
}

function fromPaper() {
  if (!onPaper) return;
  onPaper = false;
  for (const details of unfolded) details.open = false;
  drawAnew();
}

// A figure is saved in light colours, at its width on the screen.
async function saveFigure(chart, name) {
  const wide = { width: chart.clientWidth, autosize: { type: "fit-x", contains: "padding" } };
  const embedded = await embed(chart, document.createElement("div"), "light", { wide });
  offer([await embedded.view.toSVG()], "image/svg+xml", name);
  embedded.finalize();
}

for (const chart of charts) {
  const figure = chart.closest("figure");
  const title = nameUnder(figure, "figure", figure.querySelector("h3")?.textContent);
  figure.append(saveButton("SVG", title, (name) => saveFigure(chart, name)));
}
document.addEventListener("schemechange", drawAnew);
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", fromPaper);
printing.addEventListener("change", () => (printing.matches ? toPaper() : fromPaper()));
if (printing.matches) toPaper();
else drawAnew();
