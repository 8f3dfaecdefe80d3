"use strict";
// The roster, searchable and sortable: lines are moved, and what is added is made of elements and text alone.
{
  const ONCE = 50;
  const fold = document.getElementById("everybody");
  const box = fold.querySelector(".roster");
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const last = heads.length - 1;
  const everybody = [...body.rows];
  const texts = new Map();
  const links = new Map();
  const words = new Map();
  for (const one of document.querySelectorAll("[data-status]")) words.set(one.dataset.status, one.textContent);
  const collator = new Intl.Collator("en", { numeric: true });
  let sorted = everybody;
  let found = everybody;
  let first = 0;

  const make = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const status = (cell) => cell.className || "passed";

  const label = make("label", "Search names and findings ", { for: "search" });
  const search = make("input", "", { id: "search", type: "search", autocomplete: "off", spellcheck: "false" });
  const told = make("p", "", { role: "status" });
  const back = make("button", "Previous", { type: "button" });
  const on = make("button", "Next", { type: "button" });
  const pages = make("div", "", { class: "pages" });
  pages.append(back, on);
  const controls = make("div", "", { class: "controls" });
  controls.append(label, search, told);

  const order = () => {
    const head = heads.find((one) => one.hasAttribute("aria-sort"));
    return head ? `, by ${head.dataset.title}, ${head.getAttribute("aria-sort")}` : "";
  };

  const details = (line) => {
    const list = make("ul", "");
    heads.forEach((head, place) => {
      if (!head.classList.contains("criterion")) return;
      const cell = line.cells[place];
      const item = make("li", `${head.dataset.words} (${head.dataset.title}): `);
      const word = cell.textContent === "?" ? "not known" : words.get(status(cell)) || status(cell);
      const points = cell.textContent === "\u2013" ? "0" : cell.textContent;
      item.append(make("strong", `${word}, ${points} of ${head.dataset.possible}`));
      if (cell.dataset.name) item.append(`: ${cell.dataset.name}`);
      list.append(item);
    });
    const inside = make("div", "");
    if (line.cells[last].textContent) inside.append(make("p", line.cells[last].textContent));
    inside.append(list);
    const link = links.get(line);
    if (link) {
      const to = make("p", "");
      to.append(link);
      inside.append(to);
    }
    const cell = make("td", "", { colspan: String(heads.length) });
    cell.append(inside);
    const row = make("tr", "", { class: "details" });
    row.append(cell);
    return row;
  };

  const openable = (line) => {
    const cell = line.cells[0];
    if (cell.querySelector("button")) return;
    const name = cell.querySelector("bdi");
    const link = cell.querySelector("a");
    const button = make("button", "", { type: "button", "aria-expanded": "false" });
    button.append(name);
    cell.replaceChildren(button);
    if (link) {
      link.textContent = `Folder of ${name.textContent}, with feedback.md and grade.json`;
      links.set(line, link);
    }
    button.addEventListener("click", () => {
      const opens = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", String(opens));
      if (opens) line.after(details(line));
      else line.nextSibling.remove();
    });
  };

  const show = () => {
    const lines = found.slice(first, first + ONCE);
    for (const line of lines) {
      openable(line);
      line.cells[0].firstChild.setAttribute("aria-expanded", "false");
    }
    body.replaceChildren(...lines);
    const range = found.length > ONCE ? `${first + 1} to ${first + lines.length} of ` : "";
    const whole = found.length === everybody.length ? "" : ` found among ${everybody.length}`;
    told.textContent = `${range}${found.length} ${found.length === 1 ? "student" : "students"}${whole}${order()}`;
    pages.hidden = found.length <= ONCE;
    back.disabled = first === 0;
    on.disabled = first + ONCE >= found.length;
  };

  const look = () => {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    found = sorted.filter((line) => {
      if (!texts.has(line)) texts.set(line, plain(`${line.cells[0].textContent} ${line.cells[last].textContent}`));
      const text = texts.get(line);
      return wanted.every((word) => text.includes(word));
    });
    first = 0;
    show();
  };

  const value = (line, place) => {
    const text = line.cells[place].textContent;
    if (place === 0 || place === last) return text;
    // No answer before a wrong one, and what is not known before both.
    return text === "?" ? -2 : text === "\u2013" ? -1 : Number(text);
  };

  const sort = (head, place) => {
    const falls = head.getAttribute("aria-sort") === "ascending";
    for (const one of heads) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falls ? "descending" : "ascending");
    const sign = falls ? -1 : 1;
    const keyed = everybody.map((line) => [value(line, place), line]);
    const compare = place === 0 || place === last ? collator.compare : (a, b) => a - b;
    sorted = keyed.sort((a, b) => sign * compare(a[0], b[0])).map(([, line]) => line);
    look();
  };

  heads.forEach((head, place) => {
    const button = make("button", "", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head, place));
  });
  search.addEventListener("input", look);
  const turn = (by) => {
    first += by;
    show();
    box.scrollTop = 0;
  };
  back.addEventListener("click", () => turn(-ONCE));
  on.addEventListener("click", () => turn(ONCE));
  show();
  fold.replaceWith(controls, box, pages);
}
