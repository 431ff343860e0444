/** Buttons, key caps and swatches: the parts that every panel is made of. */

import type { ComponentChildren, Ref } from "preact";
import { Icon, type IconName } from "./icons.tsx";
import { colored } from "./style.ts";

/** A key as printed on its cap; nothing when there is none. */
export function Key({ of }: { of: string | null | undefined }) {
  return of ? (
    <kbd class="lw-key" aria-hidden="true">
      {of}
    </kbd>
  ) : null;
}

interface ButtonProps {
  /** What it does, in words: shown, or the name of a button that shows only its icon. */
  says: string;
  icon?: IconName | undefined;
  /** Only the icon is shown. */
  only?: boolean;
  keys?: string | null | undefined;
  /** "first" is the one primary act of a frame. */
  look?: "first" | "edged" | "";
  pressed?: boolean | undefined;
  expanded?: boolean | undefined;
  disabled?: boolean;
  class?: string;
  role?: "menuitem" | "radio";
  buttonRef?: Ref<HTMLButtonElement>;
  onClick: (event: MouseEvent) => void;
  children?: ComponentChildren;
}

export function Button(props: ButtonProps) {
  const { says, icon, only, keys, pressed, disabled } = props;
  const name = keys ? `${says} (${keys})` : says;
  return (
    <button
      type="button"
      ref={props.buttonRef ?? null}
      role={props.role}
      class={`lw-button${only ? " lw-only" : ""}${props.look ? ` lw-${props.look}` : ""}${pressed ? " lw-on" : ""} ${props.class ?? ""}`}
      title={only || keys ? name : undefined}
      aria-label={only ? says : undefined}
      aria-pressed={pressed}
      aria-expanded={props.expanded}
      aria-disabled={disabled}
      onClick={(event) => !disabled && props.onClick(event)}
    >
      {icon && <Icon name={icon} />}
      {!only && <span class="lw-cut">{says}</span>}
      {!only && <Key of={keys} />}
      {props.children}
    </button>
  );
}

/** The dashes of region outlines, small; by the label's place in its field, as on the surfaces. */
const DASHES = [undefined, "8 5", "3 3.5", "5 3 2 3"];

/** A label's colour, framed as its regions are: the dashes are the sign for those who can't tell the colours apart. */
export function Swatch({ color, place }: { color: string | undefined; place: number }) {
  // Half a dash back, so that each corner has a whole one.
  const dash = DASHES[Math.max(0, place) % 4];
  return (
    <svg class="lw-swatch" style={colored(color)} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d="M1.5 1.5h13v13h-13Z"
        stroke-dasharray={dash}
        stroke-dashoffset={dash && Number.parseInt(dash, 10) / 2}
      />
      <path d="M4 4h8v8H4Z" />
    </svg>
  );
}
