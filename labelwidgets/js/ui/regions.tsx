/** The list of regions: what the surface shows, for those who read, filter or can't see. */

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import type { FieldJson, ItemFieldJson, Json, RegionJson, SpansJson } from "../core/protocol.ts";
import { normalized } from "../core/search.ts";
import { labelsOf, type Taxonomy } from "../core/taxonomy.ts";
import { Button, Swatch } from "./control.tsx";
import { TRASH } from "./drawings.ts";
import { Form, isItemField } from "./form.tsx";
import { Link } from "./link.tsx";
import { List, moved } from "./list.tsx";
import { Palette } from "./palette.tsx";
import { percent } from "./score.ts";
import { taxonomyOf } from "./trees.ts";
import { useSignal } from "./useSignal.ts";

/** Fewer regions than this are found by eye. */
const FILTER_FROM = 9;

export interface Entry {
  region: RegionJson;
  /** From 1, as people count; suggestions come after what was drawn. */
  number: number;
  title: string;
  suggested: boolean;
}

/** All regions of a field as rows: drawn ones, then undecided suggestions; spans in the order of the text. */
export function entries(
  regions: readonly RegionJson[],
  suggested: readonly RegionJson[],
  taxonomy: Taxonomy,
): Entry[] {
  const guesses = new Set(suggested);
  return inOrder([...regions, ...suggested]).map((region, i) => ({
    region,
    number: i + 1,
    title: region.label === null ? nameless(region) : taxonomy.title(region.label),
    suggested: guesses.has(region),
  }));
}

/** What a region without a label is called. */
function nameless({ turn }: RegionJson): string {
  return typeof turn === "number" ? `Turn ${turn + 1}` : "No label";
}

function inOrder(regions: RegionJson[]): RegionJson[] {
  const place = ({ start, end, turn }: RegionJson) => [Number(start ?? turn), -Number(end ?? 0)] as const;
  if (typeof (regions[0]?.start ?? regions[0]?.turn) !== "number") return regions;
  return regions.sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
}

/** The rows whose label, number or attribute values hold what was typed. */
export function filtered(rows: readonly Entry[], query: string): readonly Entry[] {
  const words = normalized(query).split(" ").filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ title, number, region }) => {
    const text = normalized(
      [title, number, region.text ?? "", ...Object.values(region.attributes).flat()].join(" "),
    );
    return words.every((word) => text.includes(word));
  });
}

/** As much of a span's text as a row can show. */
const SHOWN = 80;

/** What tells one region from another of its label: its text, its attributes, else its size. */
export function detail(region: RegionJson, between: readonly RegionJson[] = []): string {
  const { attributes, width, height, text, turn, label, members } = region;
  if (typeof text === "string") return text.slice(0, SHOWN);
  if (Array.isArray(members)) return joined(members as string[], between);
  const said = Object.values(attributes)
    .flat()
    .filter((value) => value !== null && value !== "");
  if (said.length > 0) return said.join(", ");
  if (typeof turn === "number" && label !== null) return `turn ${turn + 1}`;
  return typeof width === "number" && typeof height === "number"
    ? `${Math.round(width)} × ${Math.round(height)}`
    : "";
}

/** "Ann → Acme". */
function joined(members: readonly string[], between: readonly RegionJson[]): string {
  const texts = members.map((id) => String(between.find((region) => region.id === id)?.text ?? "?"));
  return texts.map((text) => text.slice(0, SHOWN / 2)).join(" → ");
}

interface RowProps {
  entry: Entry;
  color: string | undefined;
  place: number;
  /** What relations join. */
  between: readonly RegionJson[];
}

function Row({ entry, color, place, between }: RowProps) {
  return (
    <>
      <Swatch color={color} place={place} />
      <span class="lw-count">{entry.number}</span>
      <span class="lw-cut" dir="auto">
        {entry.title}
      </span>
      <span class="lw-path lw-cut lw-grow lw-end">{detail(entry.region, between)}</span>
      {entry.suggested && <span class="lw-score">{percent(entry.region.score) || "suggested"}</span>}
    </>
  );
}

/** What all of `regions` say of an attribute, null when they differ. */
export function shared(regions: readonly RegionJson[], name: string): Json {
  const values = regions.map((region) => region.attributes[name] ?? null);
  const first = values[0] ?? null;
  return values.every((value) => JSON.stringify(value) === JSON.stringify(first)) ? first : null;
}

function Attributes({
  desk,
  field,
  fields,
  chosen,
  id,
}: {
  desk: Desk;
  field: string;
  fields: readonly ItemFieldJson[];
  chosen: readonly Entry[];
  id: string;
}) {
  const regions = chosen.map((entry) => entry.region);
  const change = (name: string, value: Json) =>
    desk.answer.put(
      field,
      regions.map((region) => ({ ...region, attributes: { ...region.attributes, [name]: value } })),
    );
  const [first] = chosen;
  if (!first) return null;
  return (
    <section class="lw-attributes" aria-label="Attributes of the selected regions">
      <h4 class="lw-title">
        {chosen.length > 1 ? `${chosen.length} selected` : `${first.number} ${first.title}`}
      </h4>
      <Form
        id={id}
        fields={fields}
        value={(name) => shared(regions, name)}
        problem={() => null}
        taxonomy={taxonomyOf}
        keyOf={() => null}
        data={desk.task.value?.push.data ?? {}}
        onChange={change}
      />
    </section>
  );
}

/** Links of the chosen spans to entries of the knowledge list; signs to type. */
function Knowledge({
  desk,
  field,
  chosen,
  id,
}: {
  desk: Desk;
  field: SpansJson;
  chosen: Entry[];
  id: string;
}) {
  const regions = chosen.map(({ region }) => region);
  const [first] = regions;
  const link = regions.every((region) => region.link === first?.link) ? (first?.link ?? null) : null;
  return (
    <>
      {first && field.entries.length > 0 && (
        <Link
          key={first.id}
          id={`${id}-link`}
          entries={field.entries}
          link={link as string | null}
          text={String(first.text ?? "")}
          keys={desk.keymap.display("link")}
          onLink={(to) =>
            desk.answer.put(
              field.name,
              regions.map((region) => ({ ...region, link: to })),
            )
          }
        />
      )}
      {field.palette.length > 0 && <Palette signs={field.palette} />}
    </>
  );
}

/** Says that the text holds no answer, or takes that back. */
function NoAnswer({ desk, field }: { desk: Desk; field: FieldJson }) {
  const value = useSignal(desk.answer.values)[field.name];
  const said = Array.isArray(value) && value.length === 0;
  return (
    <Button
      says="No answer in the text"
      look="edged"
      pressed={said}
      keys={desk.keymap.display("no-answer")}
      onClick={() => desk.answer.set(field.name, said ? null : [])}
    />
  );
}

/** What stands in the list while it is empty. */
function nothing(field: FieldJson, query: string): string {
  if (query) return "No region fits.";
  if (field.kind === "relations")
    return "None yet. Select two spans, the second with Shift, then choose a relation.";
  if (field.kind !== "spans")
    return "None yet. Drag on the item to draw one; submit without any to say that nothing is there.";
  return field.unanswerable
    ? "None yet. Select the answer in the text, or say that there is none."
    : "None yet. Select text to label it; submit without any to say that nothing is there.";
}

interface RegionsProps {
  desk: Desk;
  field: FieldJson;
  id: string;
}

export function Regions({ desk, field, id }: RegionsProps) {
  const values = useSignal(desk.answer.values);
  const suggestion = useSignal(desk.suggestion);
  const selected = useSignal(desk.selection.ids);
  const hovered = useSignal(desk.selection.hovered);
  const [query, setQuery] = useState("");
  const [cursor, setCursor] = useState<string | null>(null);
  const taxonomy = desk.taxonomy(field.name);
  const guesses = suggestion?.values[field.name];
  const all = useMemo(
    () =>
      entries(
        desk.answer.regions(field.name),
        Array.isArray(guesses) ? (guesses as unknown as RegionJson[]) : [],
        taxonomy,
      ),
    [values, guesses, taxonomy, field.name, desk.answer],
  );
  const rows = filtered(all, query);
  const chosen = all.filter(({ region }) => selected.has(region.id));
  // What is selected on the surface is where the list's cursor stands.
  const last = chosen.at(-1)?.region.id ?? null;
  useEffect(() => setCursor(last), [last]);
  const at = rows.findIndex(({ region }) => region.id === cursor);
  const labels = labelsOf(field);
  const between = field.kind === "relations" ? desk.answer.regions(field.between) : [];
  const attributes = "attributes" in field ? field.attributes.filter(isItemField) : [];
  const go = (to: number, add: boolean) => {
    const target = rows[to];
    if (!target) return;
    setCursor(target.region.id);
    desk.selection.setField(field.name);
    desk.selection.select([target.region.id], add ? "add" : "replace");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(event.key, at, rows.length);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (to >= 0) go(to, event.shiftKey);
    else if (event.key === " " && rows[at]) desk.selection.select([rows[at].region.id], "toggle");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const decided = chosen.filter((entry) => entry.suggested).map((entry) => entry.region.id);
  return (
    <section class="lw-part" aria-label={field.title}>
      <div class="lw-head">
        <h3 class="lw-title lw-cut">{field.title}</h3>
        <span class="lw-muted lw-grow">{all.length.toLocaleString("en")}</span>
        {decided.length > 0 && (
          <>
            <Button
              says="Accept the selected"
              icon="accept"
              only
              onClick={() => desk.acceptRegions(field.name, decided)}
            />
            <Button
              says="Reject the selected"
              icon="close"
              only
              onClick={() => desk.rejectRegions(field.name, decided)}
            />
          </>
        )}
        <Button
          says="Delete the selected"
          icon={TRASH}
          only
          keys={desk.keymap.display("delete")}
          disabled={chosen.length === decided.length}
          onClick={() => desk.answer.remove(field.name, selected)}
        />
      </div>
      {(all.length >= FILTER_FROM || query) && (
        <div class="lw-search">
          <input
            class="lw-input"
            type="text"
            autocomplete="off"
            aria-label="Filter the regions"
            placeholder="Filter…"
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </div>
      )}
      <List
        id={`${id}-regions`}
        label={`Regions of ${field.title}`}
        count={rows.length}
        at={at}
        multiple
        none={nothing(field, query)}
        isOn={(i) => selected.has(rows[i]?.region.id ?? "")}
        isHovered={(i) => hovered !== null && rows[i]?.region.id === hovered}
        isGuess={(i) => rows[i]?.suggested ?? false}
        draw={(i) => {
          const entry = rows[i];
          const label = entry ? taxonomy.get(entry.region.label) : null;
          return (
            entry && (
              <Row
                entry={entry}
                color={label?.color}
                place={label ? labels.indexOf(label) : 0}
                between={between}
              />
            )
          );
        }}
        onPick={(i, event) => {
          const target = rows[i];
          if (event.ctrlKey || event.metaKey)
            desk.selection.select(target ? [target.region.id] : [], "toggle");
          else go(i, event.shiftKey);
        }}
        onHover={(i) => desk.selection.hover(rows[i]?.region.id ?? null)}
        onKeyDown={onKeyDown}
      />
      {attributes.length > 0 && (
        <Attributes
          desk={desk}
          field={field.name}
          fields={attributes}
          chosen={chosen.filter((entry) => !entry.suggested)}
          id={`${id}-a`}
        />
      )}
      {field.kind === "spans" && field.unanswerable && <NoAnswer desk={desk} field={field} />}
      {field.kind === "spans" && (
        <Knowledge
          desk={desk}
          field={field}
          chosen={chosen.filter((entry) => !entry.suggested)}
          id={`${id}-k`}
        />
      )}
    </section>
  );
}
