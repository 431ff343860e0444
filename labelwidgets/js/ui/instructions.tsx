/** Instructions beside the item: text, time to read them, examples drawn by the same widget. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import { prose } from "./clean.ts";
import { Button } from "./control.tsx";
import { Icon } from "./icons.tsx";
import type { Surface } from "./surface.ts";
import { useSignal } from "./useSignal.ts";
import { Example } from "./viewer.tsx";

interface InstructionsProps {
  desk: Desk;
  /** Draws the examples. */
  surface: Surface;
  /** Opened by themselves, before the first item. */
  first?: boolean;
  onClose: () => void;
}

/** "2 min to read"; empty for what is read at a glance. */
export function readingTime(minutes: number): string {
  return minutes >= 0.5 ? `${Math.max(1, Math.round(minutes))} min to read` : "";
}

export function Instructions({ desk, surface, first = false, onClose }: InstructionsProps) {
  const { instructions } = useSignal(desk.state);
  const text = useRef<HTMLDivElement>(null);
  const nodes = useMemo(() => prose(instructions.html), [instructions.html]);
  useEffect(() => {
    // Opened by the person: read on there. Opened by itself: the notebook keeps its focus.
    const root = text.current?.closest(".lw-root");
    if (root?.contains(document.activeElement)) text.current?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as Element;
    // In the published app they come before the first item, which no key may answer then.
    if (first && target.closest(".lw-app") && !(event.ctrlKey || event.metaKey)) event.stopPropagation();
    const begins = event.key === "Enter" && target === text.current;
    if (event.key !== "Escape" && !begins) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    <section class={`lw-drawer${first ? " lw-begin" : ""}`} aria-label="Instructions" onKeyDown={onKeyDown}>
      <div class="lw-head">
        <h2 class="lw-title">Instructions</h2>
        <span class="lw-muted lw-grow">{readingTime(instructions.minutes)}</span>
        <Button says="Close the instructions" icon="close" only onClick={onClose} />
      </div>
      <div ref={text} class="lw-text" role="region" aria-label="Text of the instructions" tabIndex={0}>
        {instructions.warning && (
          <p class="lw-trouble lw-long">
            <Icon name="warn" />
            <span>{instructions.warning}</span>
          </p>
        )}
        <div class="lw-prose">{nodes}</div>
        {instructions.examples.map((example) => (
          <figure key={example.task.id} class="lw-example">
            <div class="lw-view">
              <Example desk={desk} example={example} surface={surface} />
            </div>
            <figcaption>{example.caption}</figcaption>
          </figure>
        ))}
      </div>
      <div class="lw-foot">
        <Button says="Start labeling" keys="Enter" look="edged" onClick={onClose} />
      </div>
    </section>
  );
}
