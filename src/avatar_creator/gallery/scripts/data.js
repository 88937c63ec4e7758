// The rows of avatars that stand in the page, and how elements are made. Every text is set as text, never as markup.

const $ = (id) => document.getElementById(id);
const root = document.documentElement;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children); // texts become text nodes
  return made;
}

const { columns, texts, rows } = JSON.parse($("data").textContent);
const at = Object.fromEntries(columns.map((column, index) => [column.key, index]));
// The small pictures stand once in the file: in the list that is shown where no script runs.
const plainList = document.querySelector("noscript").textContent;
const previews = Array.from(plainList.matchAll(/<img src="([^"]*)"/g), (match) => match[1].replaceAll("&amp;", "&"));

function cell(row, index) {
  const value = rows[row][index] ?? null;
  return value !== null && columns[index].shared ? texts[value] : value;
}

const value = (row, key) => cell(row, at[key]);
const label = (row) => `${value(row, "name")}, ${value(row, "about")}`;
