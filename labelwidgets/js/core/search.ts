/** Finding labels by typing: ranked, blind to accents and case, fast for 10,000 nodes. */
import type { LabelJson } from "./protocol.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** How well a label fits; lower is better. */
const RANK = { exact: 0, prefix: 1, word: 2, words: 3, alias: 4, inside: 5, path: 6 } as const;

interface Entry {
  label: LabelJson;
  title: string;
  /** Aliases, each fenced by newlines, and the name where it differs from the title. */
  others: string;
  /** Titles of the ancestors, for queries such as "animal dog". */
  above: string;
}

/** Built at the first search: most schemas are never searched. */
const indices = new WeakMap<Taxonomy, Entry[]>();

/** Best first; ties in the schema's order. An empty query finds the first `limit`. */
export function search(taxonomy: Taxonomy, query: string, limit = 50): LabelJson[] {
  const wanted = normalized(query);
  const words = wanted.split(" ").filter(Boolean);
  const found: { label: LabelJson; rank: number; order: number }[] = [];
  indexOf(taxonomy).forEach((entry, order) => {
    const rank = rankOf(entry, wanted, words);
    if (rank !== null) found.push({ label: entry.label, rank, order });
  });
  found.sort((a, b) => a.rank - b.rank || a.order - b.order);
  return found.slice(0, limit).map(({ label }) => label);
}

function indexOf(taxonomy: Taxonomy): Entry[] {
  const known = indices.get(taxonomy);
  if (known) return known;
  const made = taxonomy.labels.map((label) => ({
    label,
    title: normalized(taxonomy.title(label.id)),
    others: `\n${[label.name, ...label.aliases].map(normalized).join("\n")}\n`,
    above: taxonomy
      .line(label.id)
      .slice(0, -1)
      .map(({ id }) => normalized(taxonomy.title(id)))
      .join(" "),
  }));
  indices.set(taxonomy, made);
  return made;
}

/**
 * Lower case without accents, compatibility forms folded, spaces single and also for "_": "Écureuil  roux" finds
 * "ecureuil_roux".
 */
export function normalized(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_]+/gu, " ")
    .trim();
}

/** Whether each typed word begins a word of the title, in order: "cr li" finds "credit limit". */
function begins(title: string, words: readonly string[]): boolean {
  let at = 0;
  const parts = title.split(" ");
  for (const word of words) {
    while (at < parts.length && !parts[at]?.startsWith(word)) at += 1;
    if (at === parts.length) return false;
    at += 1;
  }
  return true;
}

function rankOf({ title, others, above }: Entry, wanted: string, words: readonly string[]): number | null {
  if (wanted === "") return RANK.exact;
  if (title === wanted) return RANK.exact;
  if (title.startsWith(wanted)) return RANK.prefix;
  if (title.includes(` ${wanted}`)) return RANK.word;
  if (words.length > 1 && begins(title, words)) return RANK.words;
  if (others.includes(`\n${wanted}`)) return RANK.alias;
  if (title.includes(wanted) || others.includes(wanted)) return RANK.inside;
  const everywhere = words.every(
    (word) => title.includes(word) || others.includes(word) || above.includes(word),
  );
  return everywhere ? RANK.path : null;
}
