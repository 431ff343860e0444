/** What the kernel would refuse, found before it is sent: required fields, ranges, counts. */
import type { Problem } from "./desk.ts";
import type {
  BoxesJson,
  BoxJson,
  FieldJson,
  Json,
  RegionFieldJson,
  RegionJson,
  SchemaJson,
  Values,
} from "./protocol.ts";

/** Empty when the values may be submitted. The kernel checks again: this is for the person. */
export function check(schema: SchemaJson, values: Values): Problem[] {
  return schema.fields.flatMap((field) =>
    reasons(field, values[field.name] ?? null).map((reason) => ({ field: field.name, reason })),
  );
}

type Answerable = Exclude<FieldJson, RegionFieldJson>;

function reasons(field: FieldJson, value: Json): string[] {
  if (field.kind !== "boxes" && field.kind !== "spans" && field.kind !== "relations")
    return ofItem(field, value);
  if (field.kind === "spans" && field.unanswerable) {
    if (value === null) return field.required ? [`"${field.title}" needs an answer.`] : [];
    if (Array.isArray(value) && value.length === 0) return [];
  }
  return ofRegions(field, Array.isArray(value) ? (value as unknown as RegionJson[]) : []);
}

function ofItem(field: Answerable, value: Json): string[] {
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return field.required ? [`"${field.title}" needs an answer.`] : [];
  switch (field.kind) {
    case "number":
      return ofNumber(field, value);
    case "text":
      return ofText(field, value);
    default:
      return [];
  }
}

function ofNumber({ title, min, max, unit }: Extract<FieldJson, { kind: "number" }>, value: Json): string[] {
  if (typeof value !== "number" || !Number.isFinite(value)) return [`"${title}" needs a number.`];
  const of = unit ? ` ${unit}` : "";
  if (min !== null && value < min) return [`"${title}" is ${value}${of}; the least is ${min}${of}.`];
  if (max !== null && value > max) return [`"${title}" is ${value}${of}; the most is ${max}${of}.`];
  return [];
}

function ofText({ title, max_length }: Extract<FieldJson, { kind: "text" }>, value: Json): string[] {
  // Code points, as the kernel counts.
  const length = [...String(value)].length;
  return length > max_length ? [`"${title}" has ${length} characters; the most is ${max_length}.`] : [];
}

const NOUNS = {
  boxes: ["box", "boxes"],
  spans: ["span", "spans"],
  relations: ["relation", "relations"],
} as const;

function ofRegions(field: RegionFieldJson, regions: readonly RegionJson[]): string[] {
  const [one, many] = NOUNS[field.kind];
  const found = ofCount(field, regions.length);
  const unlabeled = regions.filter(({ label }) => label === null).length;
  if (field.labels.length > 0 && unlabeled > 0)
    found.push(`${of(unlabeled, `${one} has`, `${many} have`)} no label yet.`);
  if (field.kind === "boxes") found.push(...ofSizes(field, regions as readonly BoxJson[]));
  for (const attribute of field.attributes) {
    const without = regions.filter(
      ({ attributes }) => ofItem(attribute, attributes[attribute.name] ?? null).length > 0,
    );
    if (without.length > 0) {
      found.push(
        `"${attribute.title}" of ${of(without.length, `${one} needs`, `${many} needs`)} an answer in its range.`,
      );
    }
  }
  return found;
}

function ofSizes({ min_size }: BoxesJson, boxes: readonly BoxJson[]): string[] {
  const small = boxes.filter(({ width, height }) => Math.min(width, height) < min_size).length;
  return small > 0 ? [`${of(small, "box is", "boxes are")} smaller than ${min_size} px.`] : [];
}

function ofCount({ title, min_count, max_count }: RegionFieldJson, count: number): string[] {
  if (count < min_count) return [`"${title}" has ${count} of at least ${min_count}.`];
  if (max_count !== null && count > max_count) return [`"${title}" has ${count}; the most is ${max_count}.`];
  return [];
}

function of(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
