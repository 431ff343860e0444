/** Look-up, order and search of a field's labels: from three options to a tree of 10,000 nodes. */
import type { FieldJson, LabelJson } from "./protocol.ts";

export interface Match {
  label: LabelJson;
  /** Names from the root to the label, both included. */
  path: string[];
}

/** How well a label fits; lower is better. */
const RANK = { exact: 0, prefix: 1, word: 2, alias: 3, inside: 4, path: 5 } as const;

interface Entry {
  label: LabelJson;
  title: string;
  /** Aliases, each fenced by newlines, and the name where it differs from the title. */
  others: string;
  /** Titles of the ancestors, for queries such as "animal dog". */
  above: string;
}

export class Taxonomy {
  readonly labels: readonly LabelJson[];
  readonly #byId: ReadonlyMap<string, LabelJson>;
  readonly #children = new Map<string | null, LabelJson[]>();
  #entries: Entry[] | null = null;

  constructor(labels: readonly LabelJson[]) {
    this.labels = labels;
    this.#byId = new Map(labels.map((label) => [label.id, label]));
    for (const label of labels) {
      const siblings = this.#children.get(label.parent);
      if (siblings) siblings.push(label);
      else this.#children.set(label.parent, [label]);
    }
  }

  get(id: string | null): LabelJson | null {
    return id === null ? null : (this.#byId.get(id) ?? null);
  }

  /** What to show for an id, also for one that the schema doesn't have any more. */
  title(id: string | null): string {
    const label = this.get(id);
    return label ? label.title || label.name : (id ?? "");
  }

  /** Children in the schema's order; of null: the roots. */
  children(id: string | null): readonly LabelJson[] {
    return this.#children.get(id) ?? [];
  }

  isLeaf(id: string): boolean {
    return this.children(id).length === 0;
  }

  /** Labels from the root to `id`, both included; empty for an unknown one. */
  line(id: string): LabelJson[] {
    const line: LabelJson[] = [];
    // The length check ends a cycle, which only a forged state could hold.
    for (let at = this.get(id); at !== null && line.length < 100; at = this.get(at.parent)) line.unshift(at);
    return line;
  }

  /** Names from the root to `id`: the value of a taxonomy field. */
  path(id: string): string[] {
    return this.line(id).map(({ name }) => name);
  }

  /** The label that a taxonomy's value (names from the root) means. */
  at(path: readonly string[]): LabelJson | null {
    let found: LabelJson | null = null;
    let parent: string | null = null;
    for (const name of path) {
      const next: LabelJson | undefined = this.children(parent).find((label) => label.name === name);
      if (!next) return null;
      found = next;
      parent = next.id;
    }
    return found;
  }

  /** Best first; ties in the schema's order. An empty query finds the first `limit`. */
  search(query: string, limit = 50, accept: (label: LabelJson) => boolean = () => true): Match[] {
    const wanted = normalized(query);
    const words = wanted.split(" ").filter(Boolean);
    const found: { entry: Entry; rank: number; order: number }[] = [];
    this.#index().forEach((entry, order) => {
      const rank = rankOf(entry, wanted, words);
      if (rank !== null && accept(entry.label)) found.push({ entry, rank, order });
    });
    found.sort((a, b) => a.rank - b.rank || a.order - b.order);
    return found.slice(0, limit).map(({ entry: { label } }) => ({ label, path: this.path(label.id) }));
  }

  /** Built at the first search: most schemas are never searched. */
  #index(): Entry[] {
    this.#entries ??= this.labels.map((label) => ({
      label,
      title: normalized(this.title(label.id)),
      others: `\n${[label.name, ...label.aliases].map(normalized).join("\n")}\n`,
      above: this.line(label.id)
        .slice(0, -1)
        .map(({ id }) => normalized(this.title(id)))
        .join(" "),
    }));
    return this.#entries;
  }
}

/** The labels of a field of any kind; none for kinds without. */
export function labelsOf(field: FieldJson): readonly LabelJson[] {
  switch (field.kind) {
    case "choice":
      return field.options;
    case "taxonomy":
      return field.nodes;
    case "boxes":
      return field.labels;
    default:
      return [];
  }
}

/** Lower case without accents, compatibility forms folded, spaces single: "Écureuil  roux" finds "ecureuil roux". */
export function normalized(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/gu, " ").trim();
}

function rankOf({ title, others, above }: Entry, wanted: string, words: readonly string[]): number | null {
  if (wanted === "") return RANK.exact;
  if (title === wanted) return RANK.exact;
  if (title.startsWith(wanted)) return RANK.prefix;
  if (title.includes(` ${wanted}`)) return RANK.word;
  if (others.includes(`\n${wanted}`)) return RANK.alias;
  if (title.includes(wanted) || others.includes(wanted)) return RANK.inside;
  const everywhere = words.every(
    (word) => title.includes(word) || others.includes(word) || above.includes(word),
  );
  return everywhere ? RANK.path : null;
}
