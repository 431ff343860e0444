/** Look-up and order of a field's labels: from three options to a tree of 10,000 nodes. */
import type { FieldJson, LabelJson } from "./protocol.ts";

export class Taxonomy {
  readonly labels: readonly LabelJson[];
  readonly #byId: ReadonlyMap<string, LabelJson>;
  readonly #children = new Map<string | null, LabelJson[]>();

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
    return this.get(id)?.title ?? id ?? "";
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
}

/** The labels of a field of any kind; none for kinds without. */
export function labelsOf(field: FieldJson): readonly LabelJson[] {
  switch (field.kind) {
    case "choice":
    case "ranking":
    case "pairwise":
      return field.options;
    case "taxonomy":
      return field.nodes;
    case "boxes":
    case "spans":
    case "turns":
    case "relations":
      return field.labels;
    default:
      return [];
  }
}
