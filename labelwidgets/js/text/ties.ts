/** Relations between spans: which there are, which lead from a span, and which may be made. */

import type { RegionJson, RelationJson, RelationsJson, RelationTypeJson } from "../core/protocol.ts";
import { keyOf, type Placed } from "./spans.ts";

/** A relation with the spans that it joins. */
export interface Tie {
  readonly key: string;
  readonly field: string;
  readonly region: RelationJson;
  /** Suggested by a model, undecided. */
  readonly suggested: boolean;
  readonly type: RelationTypeJson | null;
  /** Keys of the spans, in the relation's order. */
  readonly members: readonly string[];
}

export class Ties {
  readonly #all = new Map<string, Tie>();
  readonly #bySpan = new Map<string, Tie[]>();

  clear(): void {
    this.#all.clear();
    this.#bySpan.clear();
  }

  get size(): number {
    return this.#all.size;
  }

  get(key: string): Tie | undefined {
    return this.#all.get(key);
  }

  of(span: string): readonly Tie[] {
    return this.#bySpan.get(span) ?? [];
  }

  values(): Iterable<Tie> {
    return this.#all.values();
  }

  add(field: RelationsJson, regions: readonly RegionJson[], suggested: boolean): void {
    for (const region of regions as readonly RelationJson[]) {
      const key = keyOf(field.name, region.id);
      const type = field.labels.find(({ id }) => id === region.label) ?? null;
      const members = region.members.map((id) => keyOf(field.between, id));
      const tie: Tie = { key, field: field.name, region, suggested, type, members };
      this.#all.set(key, tie);
      for (const member of members) {
        const there = this.#bySpan.get(member);
        if (there) there.push(tie);
        else this.#bySpan.set(member, [tie]);
      }
    }
  }
}

/** What a board may do with relations; only widgets whose schema has some bring it along. */
export interface Relations {
  /** Key of the span from which one is being made. */
  from: string | null;
  readonly fields: readonly RelationsJson[];
  readonly size: number;
  readonly all: readonly Tie[];
  readonly selected: readonly Tie[];
  /** Another text. */
  open(): void;
  /** Takes over what the desk has now; whether anything is to be drawn anew. */
  sync(): boolean;
  of(span: string): readonly Tie[];
  get(key: string): Tie | undefined;
  /** Selects one; returns what it says. */
  select(tie: Tie): string;
  remove(): number;
  decide(taken: boolean): boolean;
  relate(field: RelationsJson, label: string): string;
  endLooseTies(between: string): void;
}

export const NO_RELATIONS: Relations = {
  from: null,
  fields: [],
  size: 0,
  all: [],
  selected: [],
  open: () => {},
  sync: () => false,
  of: () => [],
  get: () => undefined,
  select: () => "",
  remove: () => 0,
  decide: () => false,
  relate: () => "",
  endLooseTies: () => {},
};

/** Whether a type joins spans of these labels, from the first to the second. */
export function joins(
  { pairs, directed }: RelationTypeJson,
  from: string | null,
  to: string | null,
): boolean {
  const fits = (a: string | null, b: string | null) =>
    pairs.some(([source, target]) => source === a && target === b);
  return pairs.length === 0 || fits(from, to) || (!directed && fits(to, from));
}

/** Why these can't be joined; "" when they can. */
export function obstacle(type: RelationTypeJson, spans: readonly Placed[]): string {
  const label = (span: Placed | undefined) => span?.region.label ?? null;
  for (let i = 1; i < spans.length; i++) {
    const [from, to] = [label(spans[i - 1]), label(spans[i])];
    if (joins(type, from, to)) continue;
    const allowed = type.pairs.map((pair) => pair.join(" → ")).join(", ");
    return `“${type.title}” does not lead from ${from ?? "no label"} to ${to ?? "no label"}, only ${allowed}.`;
  }
  return "";
}

/** Neighbours in a chain, the two ends of any other relation. */
export function pairsOf<T>(members: readonly T[]): [T, T][] {
  return members.slice(1).map((member, i) => [members[i] as T, member]);
}
