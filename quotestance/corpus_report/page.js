"use strict";
// Searches, sorts and pages the table of all quotations, and saves it as CSV.
const data = JSON.parse(document.getElementById("data").textContent);
const element = (name) => document.getElementById(name);
const column = (name) => data.columns.indexOf(name);
const size = 50;
const compare = new Intl.Collator(undefined, { numeric: true }).compare;
const all = data.rows.map((_, index) => index);
const heads = [...document.querySelectorAll("#table th[data-column]")];
const shown = heads.map((head) => head.dataset.column);
let words, found = all, page = 0, sorted = null, down = false;

function make(tag, css, text) {
  const made = document.createElement(tag);
  made.className = css;
  made.textContent = text;
  return made;
}

function chip(label) {
  const [css, icon] = data.signs[label];
  const made = make("span", `chip ${css}`, "");
  const drawn = make("span", "icon", icon);
  drawn.setAttribute("aria-hidden", "true");
  made.append(drawn, ` ${label}`);
  return made;
}

function line(index) {
  const row = data.rows[index], made = document.createElement("tr");
  for (const name of shown) {
    const value = row[column(name)] ?? "", cell = make("td", name, "");
    cell.dir = "auto";
    if (name === "stance") {
      if (value) cell.append(chip(value));
    } else if (name === "text") {
      const link = make("a", "", value), [article, quotation] = data.places[index];
      link.href = `#d${article}-q${quotation}`;
      cell.append(link);
    } else {
      cell.textContent = value;
    }
    made.append(cell);
  }
  return made;
}

function show() {
  const last = Math.max(0, Math.ceil(found.length / size) - 1), number = (n) => n.toLocaleString("en");
  page = Math.min(page, last);
  const part = found.slice(page * size, (page + 1) * size);
  document.querySelector("#table tbody").replaceChildren(...part.map(line));
  element("status").textContent = found.length
    ? `${number(page * size + 1)}–${number(page * size + part.length)} of ${number(found.length)}`
    : "No quotation matches.";
  element("previous").disabled = page === 0;
  element("next").disabled = page === last;
}

function choose() {
  const stance = element("stance").value, asked = element("search").value.toLowerCase().split(/\s+/);
  const names = ["date", "title", "document", "speaker", "role", "affiliation", "text"].map(column);
  words ??= data.rows.map((row) => names.map((name) => row[name] ?? "").join("\n").toLowerCase());
  found = all.filter((index) =>
    (!stance || (data.rows[index][column("stance")] ?? data.unlabelled) === stance) &&
    asked.every((word) => words[index].includes(word)));
  if (sorted !== null) {
    const key = column(sorted), value = (index) => String(data.rows[index][key] ?? "");
    // What is not known comes last, in either order.
    found.sort((a, b) => !value(a) - !value(b) || (down ? -1 : 1) * compare(value(a), value(b)));
  }
  page = 0;
  show();
}

function sort(name) {
  down = sorted === name && !down;
  sorted = name;
  for (const head of heads) {
    const way = head.dataset.column !== name ? "none" : down ? "descending" : "ascending";
    head.setAttribute("aria-sort", way);
    head.querySelector(".icon").textContent = { none: "↕", ascending: "↑", descending: "↓" }[way];
  }
  choose();
}

function csv() {
  // As in cells.py: what a spreadsheet would run as a formula gets an apostrophe in front.
  const escaped = (text) => (/^'*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);
  const cell = (value) => {
    const text = typeof value === "string" ? escaped(value) : String(value ?? "");
    return `"${text.replaceAll('"', '""')}"`;
  };
  const lines = [data.columns, ...found.map((index) => data.rows[index])];
  const text = "\ufeff" + lines.map((row) => row.map(cell).join(",") + "\r\n").join("");
  const link = make("a", "", "");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "quotations.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function fill(details) {
  const text = details.querySelector("noscript");
  // The page was written with everything escaped that the articles hold.
  if (text) text.outerHTML = text.textContent;
}

function unfold(hash) {
  const details = element(hash.slice(1).split("-")[0]);
  if (details?.matches("details.article")) {
    fill(details);
    details.open = true;
    // Once it is laid out: until then its height is a guess.
    requestAnimationFrame(() => element(hash.slice(1))?.scrollIntoView());
  }
}

for (const head of heads) {
  const button = make("button", "", `${head.textContent} `), icon = make("span", "icon", "↕");
  icon.setAttribute("aria-hidden", "true");
  button.type = "button";
  button.append(icon);
  button.addEventListener("click", () => sort(head.dataset.column));
  head.setAttribute("aria-sort", "none");
  head.replaceChildren(button);
}
for (const name of document.querySelectorAll("[data-find]")) {
  const button = make("button", "find", name.textContent);
  button.type = "button";
  button.title = "Show the quotations";
  button.addEventListener("click", () => {
    element("search").value = name.textContent;
    choose();
    element("search").focus();
    element("quotations").scrollIntoView();
  });
  name.replaceChildren(button);
}
element("search").addEventListener("input", choose);
element("stance").addEventListener("change", choose);
element("csv").addEventListener("click", csv);
element("previous").addEventListener("click", () => { page -= 1; show(); });
element("next").addEventListener("click", () => { page += 1; show(); });
for (const details of document.querySelectorAll("details.article")) {
  details.addEventListener("toggle", () => fill(details));
}
// Before the browser goes there, so that it finds the quotation and can show it.
addEventListener("click", (event) => unfold(event.target.closest?.("a")?.hash ?? ""));
addEventListener("hashchange", () => unfold(location.hash));
element("controls").hidden = element("paging").hidden = false;
show();
if (location.hash) {
  unfold(location.hash);
  location.replace(location.hash);
}
