"use strict";
// Sorting, filtering and the choice of language. The page is whole without it.
const root = document.documentElement;
const say = (words) => words[root.dataset.lang] ?? Object.values(words)[0];

// Texts that are attributes follow the language by hand.
const labels = [];
const label = (element, attribute, words) => {
  labels.push([element, attribute, words]);
  element.setAttribute(attribute, say(words));
};
document.getElementById("language")?.addEventListener("click", () => {
  const next = root.dataset.lang === "zh" ? "en" : "zh";
  root.dataset.lang = next;
  root.lang = next;
  for (const [element, attribute, words] of labels) element.setAttribute(attribute, say(words));
});

const shown = (cell) => {
  const now = cell.querySelector("ins") ?? cell;
  const text = now.querySelector(`[lang=${root.dataset.lang}]`) ?? now;
  return text.textContent.trim();
};
// A number as it is printed, or nothing: "−1,234", "57.64%", "≥ 20,000".
const number = (text) => {
  const plain = text.replace(/[,%≥≤+\s]/g, "").replace("−", "-");
  return plain !== "" && Number.isFinite(Number(plain)) ? Number(plain) : null;
};
const compare = (a, b) => {
  const [x, y] = [number(a), number(b)];
  if (x !== null && y !== null) return x - y;
  if (x !== null || y !== null) return x !== null ? -1 : 1;
  return a.localeCompare(b, root.lang);
};

for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const original = [...body.rows];
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    label(button, "title", WORDS.sort);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { null: "ascending", none: "ascending", ascending: "descending", descending: "none" };
      const order = next[head.getAttribute("aria-sort")];
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      table.classList.toggle("sorted", order !== "none");
      const total = original.filter((row) => row.classList.contains("sum"));
      const rows = original.filter((row) => !row.classList.contains("sum"));
      if (order !== "none") {
        const way = order === "ascending" ? 1 : -1;
        const keys = new Map(rows.map((row) => [row, shown(row.cells[column])]));
        rows.sort((a, b) => way * compare(keys.get(a), keys.get(b)));
      }
      body.append(...rows, ...total);
    });
  });
  if (original.length < 20) continue;
  const box = document.createElement("div");
  box.className = "filter";
  const input = document.createElement("input");
  input.type = "search";
  label(input, "placeholder", WORDS.filter);
  label(input, "aria-label", WORDS.filterTable);
  const count = document.createElement("output");
  box.append(input, count);
  table.parentElement.before(box);
  const texts = original.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    let left = 0;
    original.forEach((row, at) => {
      row.hidden = wanted !== "" && !texts[at].includes(wanted);
      if (!row.hidden) left += 1;
    });
    count.value = wanted === "" ? "" : say(WORDS.rows).replace("{}", left);
  });
}

// What is folded is printed too.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));
