// Letters without case and accents, as the library folds them; words are found by their beginnings.

const PLAIN = { ß: "ss", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", æ: "ae", œ: "oe", þ: "th", ı: "i", ς: "σ" };
// Accents of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic.
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
// In these scripts spaces are between words: the start of one finds it. In all others any part does.
const SPACED = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Nd}]/u;

const BREAK = " = "; // no phrase goes from one text to the next

/** Return texts, a line each, with nothing but their letters. */
function fold(text) {
  const lower = text.toLowerCase();
  if (/^[\0-\x7f]*$/.test(lower)) return lower.replace(/[^0-9a-z\n]+/g, " ").replaceAll("\n", BREAK);
  const marked = lower.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase();
  const plain = marked.replace(/[ßøłđðħŧæœþıς]/g, (letter) => PLAIN[letter]);
  return plain.replace(/[^\p{L}\p{N}\p{M}\p{So}\n]+/gu, " ").replaceAll("\n", BREAK);
}

const SEARCHED = columns.flatMap((column, index) =>
  column.key === "name" || (column.section && column.section !== "Rights" && column.key !== "sha256") ? [index] : []
);
const folded = new Array(rows.length);

function haystack(row) {
  folded[row] ??= ` ${fold(SEARCHED.map((index) => cell(row, index)).filter((said) => said !== null).join("\n"))} `;
  return folded[row];
}

function phrases(query) {
  const found = [];
  for (const [, quoted, word] of query.replace(/[“”„‟«»＂]/g, '"').matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const phrase = fold(quoted ?? word).trim();
    const begin = SPACED.test(phrase) ? " " : "";
    if (phrase) found.push(begin + phrase + (quoted === undefined ? "" : begin));
  }
  return found;
}
