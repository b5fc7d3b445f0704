// The list of contents marks the section that is in view.

const entries = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash, link]));
const reading = new IntersectionObserver(
  (changes) => {
    for (const { isIntersecting, target } of changes) {
      const link = entries.get(`#${target.id}`);
      if (isIntersecting) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "-20% 0px -79% 0px" },
);
for (const hash of entries.keys()) reading.observe(document.getElementById(hash.slice(1)));
