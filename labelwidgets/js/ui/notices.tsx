/** Notices: what is the matter with saving, and what to do about it. */

import { useState } from "preact/hooks";
import type { Desk, Refused } from "../core/desk.ts";
import { Button } from "./control.tsx";
import { Notice } from "./notice.tsx";
import { useSignal } from "./useSignal.ts";
import { counted, isPublished, remedy } from "./words.ts";

function Offline({ desk }: { desk: Desk }) {
  const saving = useSignal(desk.saving);
  const kept = useSignal(desk.kept);
  const phase = useSignal(desk.phase);
  // A plate says it already.
  if (saving.state !== "offline" || phase === "broken") return null;
  const safe =
    kept === "disk"
      ? "They are kept in this browser and sent when it is back."
      : "They are kept only while this tab is open: leave it open.";
  return (
    <Notice
      icon="offline"
      tone="bad"
      acts={
        isPublished() &&
        kept === "disk" && (
          <Button says="Reload" icon="reload" look="edged" onClick={() => globalThis.location.reload()} />
        )
      }
    >
      {saving.reason || "The kernel does not answer."}{" "}
      {saving.pending > 0 && `${counted(saving.pending, "answer")} not saved. ${safe} `}
      {!saving.reason && remedy()}
    </Notice>
  );
}

function KeptInMemory({ desk }: { desk: Desk }) {
  const kept = useSignal(desk.kept);
  const { state } = useSignal(desk.saving);
  if (kept !== "memory" || state === "offline") return null;
  return (
    <Notice icon="memory" tone="warn">
      This browser keeps nothing for this page (private window, or storage is blocked). What is not yet saved
      is kept only while this tab is open.
    </Notice>
  );
}

function ReadOnly({ desk }: { desk: Desk }) {
  const reason = useSignal(desk.state).read_only;
  const task = useSignal(desk.task);
  // Where no item is shown, a plate says it in its place.
  return reason && task ? (
    <Notice icon="pause" tone="warn">
      Read-only: {reason}
    </Notice>
  ) : null;
}

function Paused({ desk }: { desk: Desk }) {
  const { state } = useSignal(desk.saving);
  return state === "paused" ? (
    <Notice icon="pause" tone="plain">
      Paused after ten minutes without input. Any key or click goes on.
    </Notice>
  ) : null;
}

const KINDS: Record<Refused["kind"], string> = {
  submit: "An answer",
  skip: "A skip",
  undo: "An undo",
  comment: "A comment",
  flag: "A flag",
};

/** Forgets an answer for good, so it asks once more. */
function Discard({ onDiscard }: { onDiscard: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Button
      says={sure ? "Discard for good" : "Discard"}
      onClick={() => (sure ? onDiscard() : setSure(true))}
    />
  );
}

function RefusedAnswer({ desk }: { desk: Desk }) {
  const refused = useSignal(desk.refused);
  const first = refused[0];
  if (!first) return null;
  const more = refused.length > 1 ? ` (${refused.length - 1} more)` : "";
  const acts = (
    <>
      {first.kind === "submit" && first.task !== null && (
        <Button says="Fix it" look="edged" onClick={() => void desk.reopen(first.id)} />
      )}
      <Discard key={first.id} onDiscard={() => desk.discard(first.id)} />
    </>
  );
  return (
    <Notice icon="bad" tone="bad" acts={acts}>
      {KINDS[first.kind]} was not accepted{more}: {first.reason}
    </Notice>
  );
}

/** Everything that is the matter now, the gravest first. */
export function Notices({ desk }: { desk: Desk }) {
  return (
    <>
      <ReadOnly desk={desk} />
      <Offline desk={desk} />
      <RefusedAnswer desk={desk} />
      <KeptInMemory desk={desk} />
      <Paused desk={desk} />
    </>
  );
}
