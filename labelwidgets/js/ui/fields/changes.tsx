/** How a text differs from the one it started from. */

import { useMemo } from "preact/hooks";
import { type Change, changed, differences } from "../../core/differences.ts";
import { Button } from "../control.tsx";
import { counted } from "../words.ts";

interface ChangesProps {
  before: string;
  after: string;
  /** Goes back to the given text. */
  onRestore: () => void;
}

const TAGS = { same: "span", added: "ins", removed: "del" } as const;

function Part({ kind, text }: Change) {
  const Tag = TAGS[kind];
  return <Tag>{text}</Tag>;
}

export function Changes({ before, after, onRestore }: ChangesProps) {
  const parts = useMemo(() => differences(before, after), [before, after]);
  if (before === after) return <p class="lw-muted">As given. Change what is wrong, or submit it as it is.</p>;
  const { added, removed } = changed(parts);
  return (
    <section class="lw-changes" aria-label="What you have changed">
      <div class="lw-line">
        <span class="lw-muted lw-grow">
          {[
            added > 0 && `${counted(added, "word")} added`,
            removed > 0 && `${counted(removed, "word")} removed`,
          ]
            .filter(Boolean)
            .join(", ") || "Blanks changed"}
        </span>
        <Button says="Back to the given text" icon="undo" onClick={onRestore} />
      </div>
      <div class="lw-diff" dir="auto" tabIndex={0} role="region" aria-label="Differences">
        {parts.map((part, i) => (
          <Part key={i} {...part} />
        ))}
      </div>
    </section>
  );
}
