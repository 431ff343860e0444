/** Making, changing and ending relations between the spans of a board. */

import { newId } from "../core/model.ts";
import type { RegionJson, RelationJson, RelationsJson, RelationTypeJson } from "../core/protocol.ts";
import type { Said, SpanDesk } from "./board.ts";
import type { Range } from "./edges.ts";
import { byPlace, keyOf, type Placed } from "./spans.ts";
import { obstacle, type Relations, type Tie, Ties } from "./ties.ts";

/** What is known of the spans. */
export interface SpanBook {
  readonly fields: readonly { readonly name: string }[];
  get(key: string): Placed | undefined;
  textOf(parts: readonly Range[]): string;
}

const NONE: readonly RegionJson[] = [];

export class Relating implements Relations {
  readonly #desk: SpanDesk;
  readonly #spans: SpanBook;
  readonly #ties = new Ties();
  /** The lists of relations that were taken over last. */
  #tied: readonly (readonly RegionJson[])[] = [];
  /** Key of the span from which a relation is being made. */
  from: string | null = null;

  constructor(desk: SpanDesk, spans: SpanBook) {
    this.#desk = desk;
    this.#spans = spans;
  }

  get size(): number {
    return this.#ties.size;
  }

  get(key: string): Tie | undefined {
    return this.#ties.get(key);
  }

  of(span: string): readonly Tie[] {
    return this.#ties.of(span);
  }

  get all(): Tie[] {
    return [...this.#ties.values()];
  }

  /** Another text. */
  open(): void {
    this.from = null;
    this.#tied = [];
    this.#ties.clear();
  }

  /** Fields that hold relations between spans. */
  get fields(): RelationsJson[] {
    const names = this.#spans.fields.map(({ name }) => name);
    return this.#desk.state.value.schema.fields.flatMap((field) =>
      field.kind === "relations" && names.includes(field.between) ? [field] : [],
    );
  }

  /** Takes over what the desk has now; whether anything is to be drawn anew. */
  sync(): boolean {
    const lists = this.fields.map(
      ({ name }) => [this.#desk.answer.regions(name), this.#offered(name)] as const,
    );
    const flat = lists.flat();
    if (flat.length === this.#tied.length && flat.every((list, i) => list === this.#tied[i])) return false;
    const had = this.#ties.size > 0;
    this.#tied = flat;
    this.#ties.clear();
    this.fields.forEach((field, i) => {
      this.#ties.add(field, lists[i]?.[0] ?? [], false);
      this.#ties.add(field, lists[i]?.[1] ?? [], true);
    });
    return had || this.#ties.size > 0;
  }

  #offered(field: string): readonly RegionJson[] {
    const offered = this.#desk.suggestion.value?.values[field];
    return Array.isArray(offered) ? (offered as unknown as RegionJson[]) : NONE;
  }

  /** "works for, from “Ann” to “Acme”". */
  wordsOf({ region, type, members, suggested }: Tie): Said {
    const spans = members.flatMap((key) => this.#spans.get(key) ?? []);
    const texts = spans.map(({ parts }) => `“${this.#spans.textOf(parts).slice(0, 60)}”`);
    const said = type?.directed ? `from ${texts.join(" to ")}` : texts.join(", ");
    return `${type?.title ?? region.label ?? "No label"}, ${said}${suggested ? ", suggested" : ""}`;
  }

  /** Selected relations. */
  get selected(): Tie[] {
    const field = this.#desk.selection.field.value ?? "";
    return [...this.#desk.selection.ids.value].flatMap((id) => this.#ties.get(keyOf(field, id)) ?? []);
  }

  select(tie: Tie): Said {
    this.#desk.selection.setField(tie.field);
    this.#desk.selection.select([tie.region.id]);
    return this.wordsOf(tie);
  }

  /** Deletes the selected relations; suggested ones are rejected. */
  remove(): number {
    const ties = this.selected;
    const field = ties[0]?.field;
    if (field === undefined) return 0;
    const ids = (suggested: boolean) =>
      ties.filter((tie) => tie.suggested === suggested).map(({ region }) => region.id);
    this.#desk.answer.gesture(() => {
      if (ids(true).length > 0) this.#desk.rejectRegions(field, ids(true));
      if (ids(false).length > 0) this.#desk.answer.remove(field, ids(false));
    });
    this.#desk.selection.clear();
    return ties.length;
  }

  /**
   * What a relation's key does with the selected spans: joins two, in the order in which they were selected; with one,
   * the first press keeps it and the second joins it with the one that is selected then.
   */
  relate(field: RelationsJson, label: string): Said {
    const type = field.labels.find(({ id }) => id === label);
    const chosen = this.#chosen(field.between);
    const from = (this.from && this.#spans.get(this.from)) || null;
    if (!type) return "";
    if (chosen.length === 1 && from && from !== chosen[0]) return this.#join(field, type, [from, ...chosen]);
    if (chosen.length > 1) return this.#join(field, type, chosen);
    this.from = chosen[0]?.key ?? null;
    const text = chosen[0] && this.#spans.textOf(chosen[0].parts).slice(0, 60);
    return text === undefined
      ? "Select a span first, or two: click one, then another with Shift."
      : `${type.title} from “${text}”: select the other span and press the key again.`;
  }

  /** Selected spans in the order in which they were selected. */
  #chosen(field: string): Placed[] {
    if (this.#desk.selection.field.value !== field) return [];
    return [...this.#desk.selection.ids.value].flatMap((id) => this.#spans.get(keyOf(field, id)) ?? []);
  }

  #join(field: RelationsJson, type: RelationTypeJson, spans: readonly Placed[]): Said {
    if (!type.chain && spans.length > 2)
      return `“${type.title}” joins two spans, and ${spans.length} are selected.`;
    const inWay = obstacle(type, spans) || this.#full(field);
    if (inWay) return inWay;
    const made = type.chain ? this.#chained(field, type, spans) : this.#pair(field, type, spans);
    const last = spans.at(-1);
    this.#desk.answer.gesture(() => {
      const offered = spans.filter(({ suggested }) => suggested).map(({ region }) => region.id);
      if (offered.length > 0) this.#desk.acceptRegions(field.between, offered);
      const [whole, ...others] = made;
      if (others.length > 0)
        this.#desk.answer.remove(
          field.name,
          others.map(({ id }) => id),
        );
      if (whole) this.#desk.answer.put(field.name, [whole]);
    });
    // A chain goes on from its last member.
    this.from = type.chain ? (last?.key ?? null) : null;
    if (last) this.#desk.selection.select([last.region.id]);
    const tie = made[0] && this.#ties.get(keyOf(field.name, made[0].id));
    return tie ? this.wordsOf(tie) : "";
  }

  /** The relation of two; the one that is there already. */
  #pair(field: RelationsJson, type: RelationTypeJson, spans: readonly Placed[]): RelationJson[] {
    const members = spans.map(({ region }) => region.id);
    const same = (other: readonly string[]) =>
      isEqual(other, members) || (!type.directed && isEqual([...other].reverse(), members));
    const known = (this.#desk.answer.regions(field.name) as readonly RelationJson[]).find(
      (region) => region.label === type.id && same(region.members),
    );
    return [known ?? { id: newId(), label: type.id, score: null, attributes: {}, members }];
  }

  /** The chain that holds all of them, those joined by them first among the others, which are no more. */
  #chained(field: RelationsJson, type: RelationTypeJson, spans: readonly Placed[]): RelationJson[] {
    const ids = new Set(spans.map(({ region }) => region.id));
    const known = (this.#desk.answer.regions(field.name) as readonly RelationJson[]).filter(
      ({ label, members }) => label === type.id && members.some((id) => ids.has(id)),
    );
    const all = new Set([...known.flatMap(({ members }) => members), ...ids]);
    const members = [...all]
      .flatMap((id) => this.#spans.get(keyOf(field.between, id)) ?? [])
      .sort(byPlace)
      .map(({ region }) => region.id);
    const first = known[0] ?? { id: newId(), label: type.id, score: null, attributes: {}, members };
    return [{ ...first, members }, ...known.slice(1)];
  }

  /** Relations end with the spans that they join. */
  endLooseTies(between: string): void {
    for (const field of this.fields.filter((each) => each.between === between)) {
      const there = new Set(this.#desk.answer.regions(between).map(({ id }) => id));
      const relations = this.#desk.answer.regions(field.name) as readonly RelationJson[];
      const loose = relations.filter(({ members }) => !members.every((id) => there.has(id)));
      const kept = loose.flatMap((region) => {
        const members = region.members.filter((id) => there.has(id));
        const isChain = field.labels.find(({ id }) => id === region.label)?.chain;
        return isChain && members.length > 1 ? [{ ...region, members }] : [];
      });
      const gone = loose.filter(({ id }) => !kept.some((region) => region.id === id)).map(({ id }) => id);
      if (gone.length > 0) this.#desk.answer.remove(field.name, gone);
      if (kept.length > 0) this.#desk.answer.put(field.name, kept);
    }
  }

  /** A relation that is accepted brings the spans that it joins. */
  decide(taken: boolean): boolean {
    const ties = this.selected.filter(({ suggested }) => suggested);
    const field = this.fields.find(({ name }) => name === ties[0]?.field);
    const ids = ties.map(({ region }) => region.id);
    if (!field) return false;
    const spans = ties.flatMap(({ members }) => members).flatMap((key) => this.#spans.get(key) ?? []);
    const offered = spans.filter(({ suggested }) => suggested).map(({ region }) => region.id);
    this.#desk.answer.gesture(() => {
      if (taken && offered.length > 0) this.#desk.acceptRegions(field.between, offered);
      if (taken) this.#desk.acceptRegions(field.name, ids);
      else this.#desk.rejectRegions(field.name, ids);
    });
    return true;
  }

  #full({ name, max_count }: RelationsJson): Said {
    const count = this.#desk.answer.regions(name).length;
    return max_count !== null && count >= max_count
      ? `There are ${count} already; the most is ${max_count}.`
      : "";
  }
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
