/** Signs that a keyboard lacks, typed by a click into the field that was written in last. */

import { useRef } from "preact/hooks";

type Box = HTMLInputElement | HTMLTextAreaElement;

const BOXES = ".lw-side textarea, .lw-side input[type=text], .lw-side input:not([type])";

function boxOf(element: EventTarget | null | undefined): Box | null {
  return element instanceof HTMLElement && element.matches(BOXES) ? (element as Box) : null;
}

/** Puts a sign where the cursor is, as if it had been typed. */
export function type(box: Box, sign: string): void {
  const [start, end] = [box.selectionStart ?? box.value.length, box.selectionEnd ?? box.value.length];
  box.setRangeText(sign, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The row to go to from `at`. */
function stepped(key: string, at: number, count: number): number | null {
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : (to + count) % count;
}

export function Palette({ signs }: { signs: readonly string[] }) {
  const last = useRef<Box | null>(null);
  const write = (from: HTMLElement, sign: string) => {
    const root = from.closest(".lw-root");
    const known = last.current?.isConnected ? last.current : null;
    const box = boxOf(document.activeElement) ?? known ?? root?.querySelector<Box>(BOXES);
    if (box) type(box, sign);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
    const to = stepped(event.key, buttons.indexOf(event.target as HTMLButtonElement), buttons.length);
    if (event.key === "Escape") last.current?.focus();
    else if (to !== null) buttons[to]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="lw-palette" aria-label="Signs to type">
      <h4 class="lw-title">Signs</h4>
      <div
        class="lw-wrap"
        role="toolbar"
        aria-label="Signs"
        onKeyDown={onKeyDown}
        onFocusIn={(event) => {
          last.current = boxOf(event.relatedTarget) ?? last.current;
        }}
      >
        {signs.map((sign, i) => (
          <button
            key={sign}
            type="button"
            class="lw-button lw-edged"
            tabIndex={i === 0 ? 0 : -1}
            // The field keeps the cursor.
            onPointerDown={(event) => event.preventDefault()}
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => write(event.currentTarget, sign)}
          >
            {sign}
          </button>
        ))}
      </div>
    </section>
  );
}
