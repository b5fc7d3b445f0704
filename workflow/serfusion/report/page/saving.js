// What figures and tables are saved with.

const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");

function offer(parts, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A button that is alike wherever it stands, and says to those who do not see it what it saves.
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

// The name of what stands under a heading: the heading, and a count where it has several.
const named = new Map();

function nameUnder(element, kind, own) {
  const heading = element.closest("section")?.querySelector("h2");
  const under = heading ? heading.textContent.trim() : document.title;
  const base = own ? `${under}, ${own}` : under;
  const key = `${kind} ${base}`;
  named.set(key, (named.get(key) ?? 0) + 1);
  return named.get(key) > 1 ? `${base}, ${kind} ${named.get(key)}` : base;
}
