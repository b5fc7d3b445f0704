const dark = window.matchMedia("(prefers-color-scheme: dark)");

function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const axis = {
    labelColor: colour("--ink"),
    titleColor: colour("--quiet"),
    gridColor: colour("--line"),
    domainColor: colour("--line"),
    tickColor: colour("--line"),
    labelFontSize: 12,
    labelLimit: window.innerWidth < 600 ? 140 : 240,
    titleFontWeight: "normal",
  };
  return {
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis,
    legend: {
      orient: "top",
      columns: window.innerWidth < 600 ? 1 : 0,
      labelFontSize: 12,
      labelLimit: 220,
      labelColor: colour("--ink"),
      titleColor: colour("--quiet"),
    },
    text: { color: colour("--ink") },
    rule: { color: colour("--quiet") },
    range: { category: ["#3b7dc4", "#e07b28", "#3f9d58", "#a463b0", "#8a7a66", "#c8424a"] },
  };
}

function draw(chart) {
  const spec = JSON.parse(chart.dataset.spec);
  delete spec.config;
  vegaEmbed(chart, spec, {
    renderer: "svg",
    config: theme(),
    actions: { export: { svg: true, png: false }, source: false, compiled: false, editor: false },
  }).catch((error) => {
    chart.textContent = `This figure could not be drawn: ${error.message}`;
    console.error(error);
  });
}

// What is folded away has no width to be drawn at.
function drawAll() {
  for (const chart of document.querySelectorAll(".chart")) {
    if (!chart.closest("details:not([open])")) draw(chart);
  }
}

for (const details of document.querySelectorAll("details")) {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelectorAll(".chart").forEach(draw);
  });
}
dark.addEventListener("change", drawAll);
drawAll();
