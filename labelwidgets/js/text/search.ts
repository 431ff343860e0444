/** Finding words in a text: places in the text as it is, whatever its length or script. */

import type { Range } from "./edges.ts";

/** More are not walked through by anybody. */
export const MOST_HITS = 10_000;

/** Where `query` stands, upper or lower case; composed and decomposed accents alike. At most `MOST_HITS`. */
export function findAll(text: string, query: string): Range[] {
  if (query === "") return [];
  const forms = new Set([query, query.normalize("NFC"), query.normalize("NFD")]);
  const pattern = new RegExp([...forms].map(escaped).join("|"), "giu");
  const hits: Range[] = [];
  for (const { index, 0: found } of text.matchAll(pattern)) {
    hits.push([index, index + found.length]);
    if (hits.length === MOST_HITS) break;
  }
  return hits;
}

/** A blank in the query may be any run of blanks and line ends in the text. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&").replace(/\s+/gu, "\\s+");
}

/** The first hit at or after `unit`, or the last one before it; from the other end when there is none. -1 without hits. */
export function hitFrom(hits: readonly Range[], unit: number, way: 1 | -1): number {
  if (hits.length === 0) return -1;
  if (way > 0) {
    return Math.max(
      0,
      hits.findIndex(([start]) => start >= unit),
    );
  }
  const after = hits.findIndex(([, end]) => end > unit);
  return (after < 0 ? hits.length : after || hits.length) - 1;
}
