/** A search box and the list of what it finds, as one control. */

import type { ComponentChildren, InputHTMLAttributes } from "preact";
import { FIND } from "../drawings.ts";
import { Icon } from "../icons.tsx";
import { List, moved } from "../list.tsx";

interface ComboboxProps {
  id: string;
  /** What the box is called, and more of it, in ARIA. */
  box: InputHTMLAttributes<HTMLInputElement>;
  query: string;
  onQuery: (query: string) => void;
  /** Whether the list is there. */
  open: boolean;
  count: number;
  at: number;
  onMove: (at: number) => void;
  /** What the list is called. */
  label: string;
  none: string;
  multiple?: boolean;
  isOn?: (row: number) => boolean;
  draw: (row: number) => ComponentChildren;
  onPick: (row: number, event: Event) => void;
  /** Further keys; true when it was one of them. */
  onKey?: (key: string) => boolean;
  /** The key that brings one here. */
  hint?: ComponentChildren;
}

export function Combobox(props: ComboboxProps) {
  const { id, query, at, count, open, onQuery, onMove, onPick } = props;
  const list = `${id}-list`;
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(event.key, at, count);
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (to >= 0 && !(query && event.key.length < 5)) onMove(to);
    else if (event.key === "Enter" && at >= 0 && at < count) onPick(at, event);
    else if (event.key === "Escape" && query) onQuery("");
    else if (!props.onKey?.(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div class="lw-search">
        <Icon name={FIND} />
        <input
          {...props.box}
          id={id}
          class="lw-input"
          type="text"
          role="combobox"
          autocomplete="off"
          dir="auto"
          aria-expanded={open}
          aria-autocomplete="list"
          aria-controls={list}
          aria-activedescendant={open && at >= 0 && at < count ? `${list}-${at}` : undefined}
          value={query}
          onInput={(event) => onQuery(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {props.hint}
      </div>
      {open && (
        <List
          id={list}
          label={props.label}
          count={count}
          at={at}
          multiple={props.multiple ?? false}
          none={props.none}
          isOn={props.isOn ?? (() => false)}
          draw={props.draw}
          onPick={onPick}
        />
      )}
    </>
  );
}
