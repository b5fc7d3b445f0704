// Saving figures and tables.

const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");

function offer(parts, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A button that looks the same everywhere; screen readers also read what it saves.
function saveButton(format, title, save) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool save";
  const unseen = Object.assign(document.createElement("span"), { className: "unseen" });
  unseen.textContent = ` (${title})`;
  button.append(`Save as ${format}`, unseen);
  const name = `${slug(`${document.title} ${title}`)}.${format.toLowerCase()}`;
  button.addEventListener("click", () => save(name));
  const tools = Object.assign(document.createElement("p"), { className: "tools" });
  tools.append(button);
  return tools;
}

// The name of an element under a heading: the heading, with a count if it has several.
const counts = new Map();

function nameUnder(element, kind, title) {
  const heading = element.closest("section")?.querySelector("h2");
  const under = heading ? heading.textContent.trim() : document.title;
  const base = title ? `${under}, ${title}` : under;
  const key = `${kind} ${base}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts.get(key) > 1 ? `${base}, ${kind} ${counts.get(key)}` : base;
}
