/** What the kernel would refuse, found before it is sent: required fields, ranges, counts. */
import { isRegionKind } from "./annotations.ts";
import { mostRanked, ranked, rankedIn } from "./candidates.ts";
import type { Problem } from "./desk.ts";
import type {
  BoxesJson,
  BoxJson,
  FieldJson,
  Json,
  RegionFieldJson,
  RegionJson,
  SchemaJson,
  SpanJson,
  SpansJson,
  TaskPush,
  TurnLabelJson,
  TurnsJson,
  Values,
} from "./protocol.ts";

/**
 * Empty when the values may be submitted. The kernel checks again: this is for the person. What only the task knows, such as
 * how many are to be ranked, is left to the kernel where no task is given.
 */
export function check(schema: SchemaJson, values: Values, task: TaskPush | null = null): Problem[] {
  return schema.fields.flatMap((field) =>
    reasons(field, values[field.name] ?? null, task).map((reason) => ({ field: field.name, reason })),
  );
}

type Answerable = Exclude<FieldJson, RegionFieldJson>;

/** Whether a field's value is a list of regions. */
function isOfRegions(field: FieldJson): field is RegionFieldJson {
  return isRegionKind(field.kind);
}

function reasons(field: FieldJson, value: Json, task: TaskPush | null): string[] {
  if (!isOfRegions(field)) return ofItem(field, value, task);
  if (field.kind === "spans" && field.unanswerable) {
    if (value === null) return field.required ? [`"${field.title}" needs an answer.`] : [];
    if (Array.isArray(value) && value.length === 0) return [];
  }
  const regions = Array.isArray(value) ? (value as unknown as RegionJson[]) : [];
  const found = ofRegions(field, regions);
  if (field.kind === "spans") return [...found, ...ofTokens(field, regions as SpanJson[], task)];
  return field.kind === "turns" ? [...found, ...ofTurns(field, regions as TurnLabelJson[], task)] : found;
}

/** Places of the turns that a field asks about. */
export function asked({ speakers }: TurnsJson, task: TaskPush | null): number[] {
  return (task?.media.turns ?? []).flatMap(({ speaker }, turn) =>
    speakers.length === 0 || speakers.includes(speaker) ? [turn] : [],
  );
}

/** Places of the given tokens that lie in none of the spans. */
export function openTokens(field: SpansJson, regions: readonly SpanJson[], task: TaskPush | null): number[] {
  const tokens = (field.tokens !== null && task?.media.tokens?.[field.tokens]) || [];
  const stretches = regions
    .flatMap(({ start, end, parts }): (readonly [number, number])[] =>
      parts?.length ? parts : [[start, end]],
    )
    .sort((a, b) => a[0] - b[0]);
  let [next, reach] = [0, 0];
  return tokens.flatMap(([start, end], place) => {
    for (; (stretches[next]?.[0] ?? Infinity) <= start; next++)
      reach = Math.max(reach, stretches[next]?.[1] ?? 0);
    return reach < end ? [place] : [];
  });
}

function ofTokens(field: SpansJson, regions: readonly SpanJson[], task: TaskPush | null): string[] {
  if (!field.every) return [];
  const [first, ...more] = openTokens(field, regions, task);
  if (first === undefined) return [];
  const others = more.length > 0 ? ` and ${of(more.length, "other", "others")}` : "";
  return [`"${field.title}" of token ${first + 1}${others} needs an answer.`];
}

function ofTurns(field: TurnsJson, regions: readonly TurnLabelJson[], task: TaskPush | null): string[] {
  if (!field.every) return [];
  const said = new Set(regions.map(({ turn }) => turn));
  const missing = asked(field, task).filter((turn) => !said.has(turn));
  const [first] = missing;
  if (first === undefined) return [];
  const more = missing.length > 1 ? ` and ${of(missing.length - 1, "other", "others")}` : "";
  return [`"${field.title}" of turn ${first + 1}${more} needs an answer.`];
}

function ofItem(field: Answerable, value: Json, task: TaskPush | null): string[] {
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return field.required ? [`"${field.title}" needs an answer.`] : [];
  switch (field.kind) {
    case "number":
      return ofNumber(field, value);
    case "text":
      return ofText(field, value);
    case "ranking":
      return task ? ofRanking(field, value, task) : [];
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

function ofRanking(
  field: Extract<FieldJson, { kind: "ranking" }>,
  value: Json,
  { data }: TaskPush,
): string[] {
  const wanted = mostRanked(field, ranked(field, data).length);
  const count = rankedIn(value).length;
  return count < wanted ? [`"${field.title}" has ${count} of ${wanted} ranked.`] : [];
}

const NOUNS = {
  boxes: ["box", "boxes"],
  spans: ["span", "spans"],
  turns: ["turn", "turns"],
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
      ({ attributes }) => ofItem(attribute, attributes[attribute.name] ?? null, null).length > 0,
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
