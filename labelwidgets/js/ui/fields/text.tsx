/** Free text, of one line or several. */

import type { TextJson } from "../../core/protocol.ts";
import { type ControlProps, described } from "./control.ts";

/** How many characters are left, told only near the end. */
export function leftOver(text: string, max: number): string {
  const left = max - text.length;
  return left <= Math.max(20, max * 0.1) ? `${left} left` : "";
}

export function TextField({ field, value, id, invalid, onChange }: ControlProps<TextJson>) {
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
        <textarea rows={4} {...props} />
      ) : (
        <input type="text" autocomplete="off" {...props} />
      )}
      <div class="lw-muted lw-end">{leftOver(text, field.max_length)}</div>
    </>
  );
}
