/** A rating: a row of stars, one radio each. */

import type { RatingJson } from "../../core/protocol.ts";
import { Icon } from "../icons.tsx";
import { type ControlProps, described, rove } from "./control.ts";

/** The rating that a pressed digit gives, or 0. */
export function ratedBy(key: string, max: number): number {
  const digit = /^[1-9]$/.test(key) ? Number(key) : 0;
  return digit <= max ? digit : 0;
}

export function Rating({ field, value, id, invalid, onChange }: ControlProps<RatingJson>) {
  const rated = typeof value === "number" ? value : 0;
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const digit = event.ctrlKey || event.metaKey || event.altKey ? 0 : ratedBy(event.key, field.max);
    if (!digit) return rove(event);
    event.preventDefault();
    event.stopPropagation();
    onChange(digit);
  };
  return (
    <div
      class="lw-stars"
      role="radiogroup"
      aria-labelledby={`${id}-name`}
      aria-describedby={described(id, field, invalid)}
      aria-required={field.required}
      onKeyDown={onKeyDown}
    >
      {Array.from({ length: field.max }, (_, i) => i + 1).map((star) => (
        <button
          key={star}
          id={star === 1 ? id : undefined}
          type="button"
          role="radio"
          class={`lw-star${star <= rated ? " lw-lit" : ""}`}
          aria-checked={star === rated}
          aria-label={`${star} of ${field.max}`}
          title={`${star} of ${field.max}`}
          tabIndex={star === (rated || 1) ? 0 : -1}
          onClick={() => onChange(star === rated && !field.required ? null : star)}
        >
          <Icon name="star" />
        </button>
      ))}
    </div>
  );
}
