/** What a model suggests, in one line, with the two keys that decide. */

import { isRegionKind } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import type { FieldJson, Json, SchemaJson, Values } from "../core/protocol.ts";
import type { Taxonomy } from "../core/taxonomy.ts";
import { Button } from "./control.tsx";
import { pathsOf } from "./fields/taxonomy.tsx";
import { Notice } from "./notice.tsx";
import { percent } from "./score.ts";
import { useSignal } from "./useSignal.ts";
import { counted } from "./words.ts";

/** A field's value as people say it. */
export function told(field: FieldJson, value: Json, taxonomy: Taxonomy): string {
  if (value === null || value === undefined) return "";
  if (isRegionKind(field.kind)) {
    const one = field.kind === "boxes" ? "box" : field.kind.slice(0, -1);
    return Array.isArray(value) ? counted(value.length, one, field.kind) : "";
  }
  if (field.kind === "taxonomy")
    return pathsOf(value)
      .map((path) => path.join(" › "))
      .join(", ");
  if (field.kind === "choice")
    return [value]
      .flat()
      .map((name) => taxonomy.title(String(name)))
      .join(", ");
  if (field.kind === "number") return [value, field.unit].filter((part) => part !== "").join(" ");
  return field.kind === "rating" ? `${value} of ${field.max}` : String(value);
}

/** "weather: sun · 4 boxes"; "sun" where one thing is asked. */
export function summary(schema: SchemaJson, values: Values, taxonomy: (field: string) => Taxonomy): string {
  return schema.fields
    .flatMap((field) => {
      const says = told(field, values[field.name] ?? null, taxonomy(field.name));
      if (!says) return [];
      const alone = schema.fields.length === 1 || isRegionKind(field.kind);
      return [alone ? says : `${field.title}: ${says}`];
    })
    .join(" · ");
}

export function SuggestionBanner({ desk }: { desk: Desk }) {
  const suggestion = useSignal(desk.suggestion);
  const { schema } = useSignal(desk.state);
  if (!suggestion) return null;
  const says = summary(schema, suggestion.values, (field) => desk.taxonomy(field));
  if (!says) return null;
  const score = percent(suggestion.score);
  const model = [suggestion.model, suggestion.version].filter(Boolean).join(" ");
  return (
    <Notice
      icon="spark"
      tone="guess"
      acts={
        <>
          <Button
            says="Accept"
            look="edged"
            keys={desk.keymap.display("accept")}
            onClick={() => desk.keymap.run("accept")}
          />
          <Button
            says="Reject"
            keys={desk.keymap.display("reject")}
            onClick={() => desk.keymap.run("reject")}
          />
        </>
      }
    >
      <span class="lw-muted" title={`Suggested by ${model}`}>
        Suggestion of {suggestion.model}
      </span>{" "}
      <b>{says}</b> {score && <span class="lw-score">{score}</span>}
    </Notice>
  );
}
