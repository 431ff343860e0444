/** What the control of any field is given. */

import type { ItemFieldJson, Json } from "../../core/protocol.ts";
import type { Taxonomy } from "../../core/taxonomy.ts";

export interface ControlProps<F extends ItemFieldJson = ItemFieldJson> {
  field: F;
  value: Json;
  /** What a model says it is, while nobody has decided. */
  suggested?: Json;
  /** Prefix of element ids; `${id}-name` is the element that names the field. */
  id: string;
  /** Its value can't be submitted; `${id}-trouble` says why. */
  invalid: boolean;
  /** Search and colours of its options. */
  taxonomy: Taxonomy;
  /** The keys that choose an option from anywhere in the widget, by option name. */
  keyOf: (option: string) => string | null;
  /** The task's row: some fields ask about what it brings along. */
  data?: { [column: string]: Json } | undefined;
  onChange: (value: Json) => void;
}

/** Ids of the texts that describe a control. */
export function described(id: string, field: ItemFieldJson, invalid: boolean): string | undefined {
  const ids = [field.help ? `${id}-help` : "", invalid ? `${id}-trouble` : ""].filter(Boolean).join(" ");
  return ids || undefined;
}

/** The neighbour that an arrow key moves to in a row of `count` controls, or -1. */
export function roved(key: string, at: number, count: number): number {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  return step === undefined ? -1 : (at + step + count) % count;
}

/** Moves the focus among the children of the group that holds the event's target. */
export function rove(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const all = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("button"));
  const to = roved(event.key, all.indexOf(event.target as HTMLElement), all.length);
  if (to < 0) return;
  event.preventDefault();
  event.stopPropagation();
  all[to]?.focus();
}
