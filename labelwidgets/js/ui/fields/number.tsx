/** A number with its unit and range. */

import type { Json, NumberJson } from "../../core/protocol.ts";
import { type ControlProps, described } from "./control.ts";

/**
 * What was typed as a value: null when empty, a number, or the text itself when it is none, which the check of
 * the answer then names. A comma counts as the decimal point.
 */
export function numberFrom(typed: string): Json {
  const text = typed.trim().replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  if (!text) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : typed;
}

/** `value` moved by one step, within the range; without a value the end of the range it comes from, or 0. */
export function stepped(field: NumberJson, value: Json, by: 1 | -1): number {
  const step = field.step ?? 1;
  const start = by > 0 ? field.min : field.max;
  const next = typeof value === "number" ? value + by * step : (start ?? 0);
  // 0.1 + 0.2: no more digits than the step and the value have.
  const exact = Number(next.toPrecision(12));
  return Math.min(field.max ?? exact, Math.max(field.min ?? exact, exact));
}

/** The range in words. */
export function rangeOf({ min, max, step }: NumberJson): string {
  const range =
    min !== null && max !== null
      ? `${min} to ${max}`
      : min !== null
        ? `at least ${min}`
        : max !== null
          ? `at most ${max}`
          : "";
  return [range, step === null || step === 1 ? "" : `in steps of ${step}`].filter(Boolean).join(", ");
}

export function NumberField({ field, value, id, invalid, onChange }: ControlProps<NumberJson>) {
  const range = rangeOf(field);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    event.stopPropagation();
    onChange(stepped(field, value, event.key === "ArrowUp" ? 1 : -1));
  };
  return (
    <div class="lw-line">
      <input
        id={id}
        class="lw-input lw-number"
        type="text"
        inputMode="decimal"
        autocomplete="off"
        aria-labelledby={`${id}-name ${id}-unit`}
        aria-describedby={described(id, field, invalid)}
        aria-invalid={invalid}
        aria-required={field.required}
        value={value === null ? "" : String(value)}
        onChange={(event) => onChange(numberFrom(event.currentTarget.value))}
        onInput={(event) => onChange(numberFrom(event.currentTarget.value))}
        onKeyDown={onKeyDown}
      />
      <span id={`${id}-unit`} class="lw-muted">
        {[field.unit, range].filter(Boolean).join(" · ")}
      </span>
    </div>
  );
}
