/** The spans of the task on the desk, and everything that may be done to them. */

import type { Desk } from "../core/desk.ts";
import { newId } from "../core/model.ts";
import type { Json, RegionJson, SpanJson, SpansJson } from "../core/protocol.ts";
import { type Doc, docOf } from "./doc.ts";
import type { Range } from "./edges.ts";
import type { Look, Sight } from "./marks.ts";
import type { SpanBook } from "./relating.ts";
import { byPlace, joined, keyOf, occurrences, type Placed, relation, Spans, type Touched } from "./spans.ts";
import { NO_RELATIONS, type Relations, type Tie } from "./ties.ts";

/** What of a desk a surface needs; an example in the instructions has no more. */
export type SpanDesk = Pick<
  Desk,
  | "state"
  | "task"
  | "phase"
  | "answer"
  | "selection"
  | "suggestion"
  | "keymap"
  | "taxonomy"
  | "acceptRegions"
  | "rejectRegions"
  | "onPick"
>;

/** Why something was not done, or what was; for people. */
export type Said = string;

/** Brings relations to a board. */
export type Relate = (desk: SpanDesk, spans: SpanBook) => Relations;

export class Board implements Sight {
  readonly #desk: SpanDesk;
  readonly #spans: Spans;
  /** Relations between the spans. */
  readonly ties: Relations;
  readonly #looks = new Map<string, Look>();
  /** Titles of a field's knowledge entries. */
  readonly #entries = new Map<string, ReadonlyMap<string, string>>();
  #doc: Doc;
  /** Spans that are hidden are neither drawn nor clicked. */
  visible = true;
  /** Key of the span that was made or selected last: what a further part is joined to. */
  last: string | null = null;

  constructor(desk: SpanDesk, relate: Relate | null = null) {
    this.#desk = desk;
    this.#doc = docOf("");
    this.#spans = new Spans(this.#doc.offsets);
    this.ties = relate ? relate(desk, this) : NO_RELATIONS;
  }

  get doc(): Doc {
    return this.#doc;
  }

  get size(): number {
    return this.#spans.size;
  }

  /** Fields that hold spans. */
  get fields(): SpansJson[] {
    return this.#desk.state.value.schema.fields.filter((field) => field.kind === "spans");
  }

  /** The field that is worked on. */
  get field(): SpansJson | null {
    const active = this.#desk.selection.field.value;
    return this.fields.find(({ name }) => name === active) ?? this.fields[0] ?? null;
  }

  /** Each given token gets one label: one goes from token to token. */
  get isTagging(): boolean {
    const { field } = this;
    return field?.granularity === "token" && !field.nested && this.#doc.edges.tokens !== null;
  }

  get editable(): boolean {
    return this.#desk.phase.value === "working" && this.field !== null;
  }

  /** Another text. */
  open(doc: Doc): void {
    this.#doc = doc;
    this.last = null;
    this.ties.open();
    this.#spans.clear(doc.offsets);
    this.forget();
    this.sync();
  }

  /** Labels or colours have changed. */
  forget(): void {
    this.#looks.clear();
    this.#entries.clear();
  }

  /** Takes over what the desk has now; tells where something has changed. */
  sync(): Touched {
    const touched = this.fields.flatMap(({ name }) => [
      ...this.#spans.sync(name, this.#desk.answer.regions(name), false),
      ...this.#spans.sync(name, this.#offered(name), true),
    ]);
    // Relations lead from anywhere to anywhere, so all is drawn anew when one changes.
    return this.ties.sync() || (touched.length > 0 && this.ties.size > 0)
      ? [[0, this.#doc.text.length]]
      : touched;
  }

  #offered(field: string): readonly RegionJson[] {
    return regionsIn(this.#desk.suggestion.value?.values[field]);
  }

  // What is seen

  within(start: number, end: number): readonly Placed[] {
    return this.visible ? this.#spans.within(start, end) : [];
  }

  get(key: string): Placed | undefined {
    return this.#spans.get(key);
  }

  /** Spans at a place, the shortest first. */
  at(unit: number): readonly Placed[] {
    return this.visible ? this.#spans.at(unit) : [];
  }

  look({ field, region }: { readonly field: string; readonly region: RegionJson }): Look {
    const known = this.#looks.get(`${region.label}\n${field}`);
    if (known) return known;
    const label = this.#desk.taxonomy(field).get(region.label);
    const color = label && HEX.test(label.color) ? label.color : NEUTRAL;
    const look = { title: label?.title ?? region.label ?? "", color };
    this.#looks.set(`${region.label}\n${field}`, look);
    return look;
  }

  /** Relations that lead from or to a span. */
  tiesOf({ key }: Placed): readonly Tie[] {
    return this.visible ? this.ties.of(key) : [];
  }

  isFrom(key: string): boolean {
    return key === this.ties.from;
  }

  entry({ field, region }: Placed): string | null {
    if (region.link === null || region.link === undefined) return null;
    return this.#titles(field).get(region.link) ?? region.link;
  }

  #titles(field: string): ReadonlyMap<string, string> {
    const known = this.#entries.get(field);
    if (known) return known;
    const entries = this.fields.find(({ name }) => name === field)?.entries ?? [];
    const made = new Map(entries.map(({ id, title }) => [id, title]));
    this.#entries.set(field, made);
    return made;
  }

  isSelected(key: string): boolean {
    const { ids, field } = this.#desk.selection;
    const [id = "", of = ""] = key.split("\n");
    return of === field.value && ids.value.has(id);
  }

  isHovered(key: string): boolean {
    return key.split("\n")[0] === this.#desk.selection.hovered.value;
  }

  get selected(): Placed[] {
    const field = this.#desk.selection.field.value ?? "";
    return [...this.#desk.selection.ids.value]
      .flatMap((id) => this.#spans.get(keyOf(field, id)) ?? [])
      .sort(byPlace);
  }

  /** The spans of the field that is worked on, in reading order. */
  get listed(): Placed[] {
    const name = this.field?.name;
    return [...this.#spans.values()].filter(({ field }) => field === name).sort(byPlace);
  }

  /** "PER, “Angela Merkel”". */
  wordsOf(span: Placed): Said {
    const title = this.look(span).title || "No label";
    const entry = this.entry(span);
    const score = span.region.score;
    return [
      title,
      `“${shortened(this.textOf(span.parts))}”`,
      ...(span.suggested
        ? [score === null ? "suggested" : `suggested, ${Math.round(score * 100)} per cent`]
        : []),
      ...(entry === null ? [] : [`linked to ${entry}`]),
    ].join(", ");
  }

  textOf(parts: readonly Range[]): string {
    return parts.map(([start, end]) => this.#doc.text.slice(start, end)).join(" … ");
  }

  /** A stretch as the field's granularity has it. */
  snapped([start, end]: Range): Range {
    const { edges } = this.#doc;
    const kind = this.field?.granularity ?? "character";
    if (start === end) return [start, start];
    if (kind !== "character") return edges.toWords([start, end]);
    return [edges.nearest(start), edges.nearest(end)];
  }

  // What is done

  select(spans: readonly Placed[], mode: "replace" | "toggle" = "replace"): void {
    const { selection } = this.#desk;
    const [first] = spans;
    if (first) {
      selection.setField(first.field);
      this.last = first.key;
    }
    selection.select(
      spans.map(({ region }) => region.id),
      mode,
    );
  }

  /** A new span with a label, the active one when none is given; selected. What stands in the way is said. */
  mark(stretch: Range, label?: string | null): Said {
    const { field } = this;
    if (!field || stretch[0] >= stretch[1]) return "";
    const same = this.#sameAs(field, stretch) ?? this.over(stretch);
    if (same && !same.suggested && same.region.label === this.#label(field, label)) {
      this.select([same]);
      return "This is labeled already.";
    }
    // A suggestion is taken over; where none can lie on another, the one that is there gets the label.
    if (same && (same.suggested || !field.nested)) {
      this.#change([
        { span: same, region: { ...same.region, label: this.#label(field, label), score: null } },
      ]);
      return this.#made(field.name, same.region.id);
    }
    const region = this.#fresh(field, [stretch], label);
    const obstacle = this.#full(field, 1) || this.#obstacle(field, [stretch], region.id);
    if (obstacle) return obstacle;
    this.#desk.answer.gesture(() => this.#put(field.name, [region]));
    return this.#made(field.name, region.id);
  }

  /** The span of the active field that covers just this stretch. */
  over(stretch: Range): Placed | null {
    const { field } = this;
    const same = (span: Placed) => span.field === field?.name && isSame(span.parts, [stretch]);
    return this.#spans.within(...stretch).find(same) ?? null;
  }

  #sameAs({ name }: SpansJson, stretch: Range): Placed | undefined {
    return this.#spans
      .within(...stretch)
      .find(({ field, parts, suggested }) => field === name && !suggested && isSame(parts, [stretch]));
  }

  #made(field: string, id: string): Said {
    const span = this.#spans.get(keyOf(field, id));
    if (!span) return "";
    this.select([span]);
    return this.wordsOf(span);
  }

  /** What a label's key does to the selected spans; suggested ones are taken over with the label. */
  relabel(label: string): void {
    const chosen = this.selected;
    const field = chosen[0]?.field;
    if (field === undefined) return;
    this.#change(chosen.map((span) => ({ span, region: { ...span.region, label, score: null } })));
    this.#desk.selection.select(chosen.map(({ region }) => region.id));
  }

  /** Other parts for a span. */
  reshape(span: Placed, parts: readonly Range[]): Said {
    const field = this.fields.find(({ name }) => name === span.field);
    const whole = joined(parts);
    if (!field || whole.length === 0 || isSame(span.parts, whole)) return "";
    const obstacle = this.#obstacle(field, whole, span.region.id);
    if (obstacle) return obstacle;
    const region = { ...span.region, ...this.#geometry(whole), score: null };
    this.#change([{ span, region }]);
    return this.#made(field.name, region.id);
  }

  /** A further part of the span that was selected or made last. */
  join(stretch: Range): Said {
    const { field } = this;
    const span = (this.last && this.#spans.get(this.last)) || null;
    if (!field || stretch[0] >= stretch[1]) return "Select text first.";
    if (!span || span.field !== field.name) return "Select the span first that is to have another part.";
    const parts = joined([...span.parts, stretch]);
    if (parts.length > 1 && !field.discontinuous) return "Spans of this field have no parts.";
    return this.reshape(span, parts);
  }

  /** All other places with the same text get the same label, as one step. */
  everywhere(stretch: Range | null): Said {
    const { field } = this;
    const span = this.selected[0];
    const like = stretch ?? (span && span.parts.length === 1 ? span.parts[0] : undefined);
    if (!field || !like) return "Select the text, or a span, that is to be found everywhere.";
    const text = this.#doc.text.slice(like[0], like[1]);
    const model = stretch ? null : span;
    const everywhere = occurrences(this.#doc.text, text);
    if (everywhere.length > MOST_AT_ONCE)
      return `“${shortened(text)}” stands ${everywhere.length.toLocaleString("en")} times: too many for one step.`;
    const places = everywhere.filter((place) => this.#alike(like, place));
    let taken = 0;
    const regions: SpanJson[] = [];
    let inTheWay = 0;
    for (const place of places) {
      if (this.#sameAs(field, place)) taken += 1;
      else if (this.#full(field, regions.length + 1) || this.#obstacle(field, [place], "")) inTheWay += 1;
      else regions.push({ ...this.#fresh(field, [place], model?.region.label), ...this.#said(model) });
    }
    if (regions.length > 0) this.#desk.answer.gesture(() => this.#put(field.name, regions));
    const parts = [`${regions.length} labeled`];
    if (taken > 0) parts.push(`${taken} had a label`);
    if (inTheWay > 0) parts.push(`${inTheWay} not possible`);
    return `“${shortened(text)}”: ${parts.join(", ")}.`;
  }

  /** "art" in "party" is another word, unless what is looked for is itself inside of a word. */
  #alike(like: Range, place: Range): boolean {
    const { edges } = this.#doc;
    return !edges.isWhole(like) || edges.isWhole(place);
  }

  #said(model: Placed | null | undefined): Pick<SpanJson, "attributes" | "link"> {
    return { attributes: model?.region.attributes ?? {}, link: model?.region.link ?? null };
  }

  /** Deletes what was made; a suggestion is rejected. */
  remove(): number {
    const { selected } = this;
    if (this.editable && this.ties.selected.length > 0) return this.ties.remove();
    if (selected.length === 0 || !this.editable) return 0;
    const field = selected[0]?.field ?? "";
    const [offered, made] = [true, false].map((is) =>
      selected.filter(({ suggested }) => suggested === is).map(({ region }) => region.id),
    );
    this.#desk.answer.gesture(() => {
      if (offered && offered.length > 0) this.#desk.rejectRegions(field, offered);
      if (made && made.length > 0) this.#desk.answer.remove(field, made);
    });
    this.#desk.selection.clear();
    return selected.length;
  }

  /** Decides about the selected suggestions and goes on to the next one; false when none is selected. */
  decide(taken: boolean): boolean {
    if (this.editable && this.ties.decide(taken)) return true;
    const offered = this.selected.filter(({ suggested }) => suggested);
    const first = offered[0];
    if (!first || !this.editable) return false;
    const ids = offered.map(({ region }) => region.id);
    const after = this.listed.filter((span) => span.suggested && !offered.includes(span));
    const next = after.find((span) => byPlace(span, first) > 0) ?? after[0];
    if (taken) this.#desk.acceptRegions(first.field, ids);
    else this.#desk.rejectRegions(first.field, ids);
    this.select(next ? [next] : []);
    return true;
  }

  /** Says, or takes back, that the text holds no answer. */
  toggleNoAnswer(): boolean {
    const field = this.field;
    if (!field?.unanswerable || !this.editable) return false;
    const now = this.#desk.answer.value(field.name);
    this.#desk.answer.set(field.name, Array.isArray(now) && now.length === 0 ? null : []);
    return true;
  }

  #put(field: string, regions: readonly SpanJson[]): void {
    this.#desk.answer.put(field, regions as readonly RegionJson[]);
  }

  /** Puts changed spans; what was a suggestion is taken over with its change. */
  #change(changes: readonly { span: Placed; region: SpanJson }[]): void {
    const field = changes[0]?.span.field ?? "";
    this.#desk.answer.gesture(() => {
      const offered = changes.filter(({ span }) => span.suggested).map(({ span }) => span.region.id);
      if (offered.length > 0) this.#desk.acceptRegions(field, offered);
      this.#put(
        field,
        changes.map(({ region }) => region),
      );
    });
  }

  #label(field: SpansJson, label?: string | null): string | null {
    if (field.labels.length === 0) return null;
    return label ?? this.#desk.selection.label(field.name) ?? field.labels[0]?.id ?? null;
  }

  #fresh(field: SpansJson, parts: readonly Range[], label?: string | null): SpanJson {
    const said = { label: this.#label(field, label), score: null, attributes: {}, link: null };
    return { id: newId(), ...said, ...this.#geometry(parts) };
  }

  #geometry(parts: readonly Range[]): Pick<SpanJson, "start" | "end" | "text" | "parts"> {
    const { offsets, text } = this.#doc;
    const [from, to] = [parts[0]?.[0] ?? 0, parts.at(-1)?.[1] ?? 0];
    const points = parts.map(([start, end]): [number, number] => [
      offsets.toPoint(start),
      offsets.toPoint(end),
    ]);
    return {
      start: offsets.toPoint(from),
      end: offsets.toPoint(to),
      text: text.slice(from, to),
      parts: points.length > 1 ? points : [],
    };
  }

  #full({ name, max_count }: SpansJson, more: number): Said {
    const count = this.#desk.answer.regions(name).length;
    return max_count !== null && count + more > max_count
      ? `There are ${count} already; the most is ${max_count}.`
      : "";
  }

  /** Why a span may not lie there; "" when it may. */
  #obstacle(field: SpansJson, parts: readonly Range[], id: string): Said {
    if (field.nested && field.overlapping) return "";
    const [start, end] = [parts[0]?.[0] ?? 0, parts.at(-1)?.[1] ?? 0];
    for (const other of this.#spans.within(start, end)) {
      if (other.field !== field.name || other.suggested || other.region.id === id) continue;
      const lies = relation(parts, other.parts);
      if (lies === "nested" && !field.nested)
        return `This lies in or around ${this.wordsOf(other)}: spans of this field can't.`;
      if (lies === "overlapping" && !field.overlapping)
        return `This overlaps ${this.wordsOf(other)}: spans of this field can't.`;
    }
    return "";
  }
}

/** More places than these nobody means. */
const MOST_AT_ONCE = 5000;

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const NEUTRAL = "#757575";

function regionsIn(value: Json | undefined): readonly RegionJson[] {
  return Array.isArray(value) ? (value as unknown as RegionJson[]) : [];
}

function isSame(a: readonly Range[], b: readonly Range[]): boolean {
  return a.length === b.length && a.every(([start, end], i) => start === b[i]?.[0] && end === b[i]?.[1]);
}

/** As much of a text as one can hear or read in passing. */
function shortened(text: string): string {
  const flat = text.replace(/\s+/gu, " ");
  return flat.length > 60 ? `${flat.slice(0, 40)} … ${flat.slice(-14)}` : flat;
}
