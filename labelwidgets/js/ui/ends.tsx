/** What stands in the item's place when it can't be shown, and when nothing is left or may be answered. */

import type { State } from "../core/protocol.ts";
import { Button } from "./control.tsx";
import { DONE, EMPTY } from "./drawings.ts";
import { Plate } from "./states.tsx";
import { counted, isPublished } from "./words.ts";

/** This item can't be shown; the labeler is not to blame and goes on. */
export function BrokenItem({ name, reason, onSkip }: { name: string; reason: string; onSkip: () => void }) {
  const why = reason.startsWith(name) ? reason : `${name}: ${reason}`;
  return (
    <Plate icon="bad" says="This item can't be shown" more={why}>
      <Button says="Skip it" icon="skip" look="edged" onClick={onSkip} />
    </Plate>
  );
}

/** Nothing may be answered, so no item is handed out. */
export function Closed({ reason }: { reason: string }) {
  // What labelers are told has it already.
  const whom = isPublished() && !reason.includes("whoever invited you") ? "; tell whoever invited you" : "";
  return (
    <Plate
      icon="pause"
      says="Nothing can be labeled now"
      more={`New answers are not taken${whom}: ${reason}`}
    />
  );
}

interface FinishedProps {
  state: State;
  canBack: boolean;
  onBack: () => void;
}

/** What was achieved, in words; `all` when nobody has anything left. */
export function achieved({ progress }: Pick<State, "progress">): {
  all: boolean;
  says: string;
  more: string;
} {
  const { total, done, skipped, mine } = progress;
  if (total === 0) {
    return {
      all: false,
      says: "No items yet",
      more: "They appear here by themselves when some are added.",
    };
  }
  const yours = mine > 0 ? `You labeled ${counted(mine, "item")}.` : "";
  const left = total - done - skipped;
  if (left <= 0) {
    const skips = skipped > 0 ? `${counted(skipped, "item was", "items were")} skipped.` : "";
    return {
      all: true,
      says: `All ${total.toLocaleString("en")} done`,
      more: [yours, skips].filter(Boolean).join(" "),
    };
  }
  const others = `${counted(left, "item is", "items are")} still open, but with others or not for you.`;
  return { all: false, says: "Nothing left for you", more: [yours, others].filter(Boolean).join(" ") };
}

export function Finished({ state, canBack, onBack }: FinishedProps) {
  const { all, says, more } = achieved(state);
  return (
    <Plate icon={all ? DONE : EMPTY} says={says} more={more}>
      {canBack && <Button says="Look at the last answer again" icon="back" look="edged" onClick={onBack} />}
    </Plate>
  );
}
