/** A listbox of rows of one height that draws only those in sight. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Below this many rows all are drawn: scrolling and find-in-page then need no help. */
const SMALL = 100;
const SPARE = 8;

const rowHeight = () => (globalThis.matchMedia?.("(pointer: coarse)").matches ? 44 : 32);

/** The slice of `count` rows to draw for a window of `height` px scrolled to `top`. */
export function inSight(count: number, row: number, top: number, height: number): [number, number] {
  if (count <= SMALL) return [0, count];
  const first = Math.max(0, Math.floor(top / row) - SPARE);
  return [Math.min(first, count), Math.min(count, Math.ceil((top + height) / row) + SPARE)];
}

/** The row that a key moves to from `at`, or -1 when it is no key for moving. */
export function moved(key: string, at: number, count: number): number {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 8,
    PageUp: at - 8,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined || count === 0 ? -1 : Math.max(0, Math.min(count - 1, to));
}

interface ListProps {
  id: string;
  label: string;
  count: number;
  /** The row with the cursor, -1 for none. */
  at: number;
  multiple?: boolean;
  /** What stands there when there are no rows. */
  none: string;
  isOn: (row: number) => boolean;
  isHovered?: (row: number) => boolean;
  /** Only suggested: drawn dashed. */
  isGuess?: (row: number) => boolean;
  draw: (row: number) => ComponentChildren;
  onPick: (row: number, event: MouseEvent) => void;
  onHover?: (row: number) => void;
  /** Given when the list itself takes the focus; without it a search box beside it does. */
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** Rows with a cursor (`at`) and a choice (`isOn`), scrolled so that the cursor is in sight. */
export function List(props: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const row = rowHeight();
  const { id, at, count } = props;
  useLayoutEffect(() => {
    const host = box.current;
    if (!host || at < 0) return;
    const height = host.clientHeight;
    if (at * row < host.scrollTop) host.scrollTop = at * row;
    else if ((at + 1) * row > host.scrollTop + height) host.scrollTop = (at + 1) * row - height;
    setTop(host.scrollTop);
  }, [at, row]);
  const [first, last] = inSight(count, row, top, box.current?.clientHeight || 320);
  const rows = [];
  for (let i = first; i < last; i++) {
    rows.push(
      <div
        key={i}
        id={`${id}-${i}`}
        role="option"
        aria-selected={props.isOn(i)}
        aria-setsize={count}
        aria-posinset={i + 1}
        class={`lw-row${props.isOn(i) ? " lw-on" : ""}${i === at || props.isHovered?.(i) ? " lw-at" : ""}${props.isGuess?.(i) ? " lw-guess" : ""}`}
        onClick={(event) => props.onPick(i, event)}
        onPointerEnter={props.onHover && (() => props.onHover?.(i))}
      >
        {props.draw(i)}
      </div>,
    );
  }
  return (
    <div
      ref={box}
      id={id}
      class="lw-list"
      // A listbox without options is an error to a screen reader's user, not a list.
      role={count > 0 ? "listbox" : "group"}
      aria-label={props.label}
      aria-multiselectable={count > 0 ? props.multiple : undefined}
      aria-activedescendant={props.onKeyDown && at >= 0 ? `${id}-${at}` : undefined}
      tabIndex={props.onKeyDown && count > 0 ? 0 : -1}
      onKeyDown={props.onKeyDown}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onPointerLeave={props.onHover && (() => props.onHover?.(-1))}
    >
      {count === 0 && <div class="lw-none">{props.none}</div>}
      <div role="presentation" style={{ height: `${first * row}px` }} />
      {rows}
      <div role="presentation" style={{ height: `${(count - last) * row}px` }} />
    </div>
  );
}
