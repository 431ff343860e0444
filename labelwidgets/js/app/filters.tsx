/** Which tasks, told by their columns: rows of a form, and the JSON that the kernel takes. */

import type { Json } from "../core/protocol.ts";
import { Button } from "../ui/control.tsx";
import { Icon } from "../ui/icons.tsx";
import type { ColumnInfo, Where } from "./acts.ts";
import { AppIcon } from "./parts.tsx";

export type Form = "is" | "in" | "between";

export interface Condition {
  column: string;
  form: Form;
  /** As typed: one value, values with commas between them, or the lower end. */
  value: string;
  to: string;
}

const FORMS: readonly [Form, string][] = [
  ["is", "is"],
  ["in", "is one of"],
  ["between", "is from … to"],
];

/** More than blanks. */
const FILLED = ".*\\S.*";

/** What was typed as a value of its column. */
function typed(text: string, kind: ColumnInfo["kind"]): Json {
  const plain = text.trim();
  if (kind === "number" && plain !== "" && Number.isFinite(Number(plain))) return Number(plain);
  if (kind === "bool") return plain === "true" || plain === "yes";
  return plain;
}

/** The conditions as JSON, null for all tasks; what is not filled in is left out. */
export function whereOf(conditions: readonly Condition[], columns: readonly ColumnInfo[]): Where | null {
  const where: Where = {};
  for (const { column, form, value, to } of conditions) {
    const kind = columns.find(({ name }) => name === column)?.kind ?? "text";
    if (!column || (value.trim() === "" && to.trim() === "")) continue;
    if (form === "is") where[column] = typed(value, kind);
    else if (form === "in") {
      const parts = value.split(",").filter((part) => part.trim() !== "");
      where[column] = parts.map((part) => typed(part, kind));
    } else {
      const range: { [end: string]: Json } = {};
      if (value.trim() !== "") range.from = typed(value, kind);
      if (to.trim() !== "") range.to = typed(to, kind);
      where[column] = range;
    }
  }
  return Object.keys(where).length > 0 ? where : null;
}

/** What is wrong with the condition at a place: of one column there can be only one, as all of them must hold. */
export function problemOf(conditions: readonly Condition[], at: number): string {
  const column = conditions[at]?.column ?? "";
  const earlier = conditions.slice(0, at).some((each) => each.column === column);
  return earlier ? `“${column}” has a condition above: change that one, or remove this one.` : "";
}

/** JSON as conditions of the form. */
export function conditionsOf(where: Where | null): Condition[] {
  return Object.entries(where ?? {}).map(([column, value]) => {
    if (Array.isArray(value)) return { column, form: "in", value: value.map(String).join(", "), to: "" };
    if (value !== null && typeof value === "object") {
      const text = (end: Json | undefined) => (end === undefined || end === null ? "" : String(end));
      return { column, form: "between", value: text(value.from), to: text(value.to) };
    }
    return { column, form: "is", value: String(value), to: "" };
  });
}

/** In words: "city is Bonn or Ulm, age from 3 to 5"; "all tasks" without any. */
export function whereInWords(where: Where | null): string {
  const words = conditionsOf(where).map(({ column, form, value, to }) => {
    if (form === "in") return `${column} is ${value.split(", ").join(" or ")}`;
    if (form === "is") return `${column} is ${value}`;
    return [column, value && `from ${value}`, to && `to ${to}`].filter(Boolean).join(" ");
  });
  return words.join(", ") || "all tasks";
}

function Problem({ says }: { says: string }) {
  return says ? (
    <p class="lw-trouble" role="alert">
      <Icon name="warn" />
      <span>{says}</span>
    </p>
  ) : null;
}

interface FiltersProps {
  id: string;
  columns: readonly ColumnInfo[];
  conditions: readonly Condition[];
  onChange: (conditions: Condition[]) => void;
}

export function Filters({ id, columns, conditions, onChange }: FiltersProps) {
  const set = (at: number, part: Partial<Condition>) =>
    onChange(conditions.map((each, n) => (n === at ? { ...each, ...part } : each)));
  const free = columns.find(({ name }) => conditions.every(({ column }) => column !== name));
  const add = () => onChange([...conditions, { column: free?.name ?? "", form: "is", value: "", to: "" }]);
  return (
    <fieldset class="lw-a-filters">
      <legend>Which tasks</legend>
      {conditions.length === 0 && <p class="lw-muted">All tasks.</p>}
      {conditions.map((condition, n) => (
        // The place is the condition's only identity.
        <div key={`${id}-${n}`} class="lw-a-filter">
          <select
            class="lw-input"
            aria-label="Column"
            // A form with this in it is not sent.
            ref={(select) => select?.setCustomValidity(problemOf(conditions, n))}
            aria-invalid={problemOf(conditions, n) !== ""}
            value={condition.column}
            onChange={(event) => set(n, { column: event.currentTarget.value })}
          >
            {columns.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          <select
            class="lw-input"
            aria-label="How it is compared"
            value={condition.form}
            onChange={(event) => set(n, { form: event.currentTarget.value as Form })}
          >
            {FORMS.map(([form, says]) => (
              <option key={form} value={form}>
                {says}
              </option>
            ))}
          </select>
          <input
            class="lw-input"
            aria-label={condition.form === "between" ? "From" : "Value"}
            placeholder={
              condition.form === "in" ? "a, b, c" : condition.form === "between" ? "from" : "value"
            }
            list={`${id}-${n}-values`}
            // Left empty it would be all tasks, which is not what was meant.
            required={condition.form !== "between" || condition.to.trim() === ""}
            pattern={FILLED}
            value={condition.value}
            onInput={(event) => set(n, { value: event.currentTarget.value })}
          />
          <datalist id={`${id}-${n}-values`}>
            {(columns.find(({ name }) => name === condition.column)?.values ?? []).map((value) => (
              <option key={value} value={value} />
            ))}
          </datalist>
          {condition.form === "between" && (
            <input
              class="lw-input"
              aria-label="To"
              placeholder="to"
              pattern={FILLED}
              value={condition.to}
              onInput={(event) => set(n, { to: event.currentTarget.value })}
            />
          )}
          <Button
            says="Remove this condition"
            icon="close"
            only
            onClick={() => onChange(conditions.filter((_, at) => at !== n))}
          />
          <Problem says={problemOf(conditions, n)} />
        </div>
      ))}
      <button type="button" class="lw-button lw-edged" disabled={!free} onClick={add}>
        <AppIcon name="plus" />
        {conditions.length > 0 ? "And" : "Only some"}
      </button>
    </fieldset>
  );
}
