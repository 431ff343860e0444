/** Free text, of one line or several. */

import { textOf } from "../../core/candidates.ts";
import type { TextJson } from "../../core/protocol.ts";
import { later, Silent } from "../later.tsx";
import { type ControlProps, described } from "./control.ts";

/** How many characters are left, told only near the end. */
export function leftOver(text: string, max: number): string {
  const left = max - text.length;
  return left <= Math.max(20, max * 0.1) ? `${left} left` : "";
}

const Changes = later("Changes", Silent);

export function TextField({ field, value, id, invalid, data = {}, onChange }: ControlProps<TextJson>) {
  const begun = field.begin === null ? "" : textOf(data[field.begin] ?? null);
  const text = typeof value === "string" ? value : "";
  const props = {
    id,
    class: "lw-input",
    dir: "auto" as const,
    value: text,
    maxLength: field.max_length,
    "aria-labelledby": `${id}-name`,
    "aria-describedby": described(id, field, invalid),
    "aria-invalid": invalid,
    "aria-required": field.required,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      onChange(event.currentTarget.value || null),
  };
  return (
    <>
      {field.multiline ? (
        <textarea rows={4} {...props} class={`lw-input${begun ? " lw-begun" : ""}`} />
      ) : (
        <input type="text" autocomplete="off" {...props} />
      )}
      <div class="lw-muted lw-end">{leftOver(text, field.max_length)}</div>
      {begun && <Changes before={begun} after={text} onRestore={() => onChange(begun)} />}
    </>
  );
}
