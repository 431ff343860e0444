/** What people have said about an item or a region, and a place to say more. */

import { useId, useState } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import type { TaskPush } from "../core/protocol.ts";
import { Button } from "./control.tsx";
import { useSignal } from "./useSignal.ts";

/** When a comment was written, short: the time today, else the day. */
export function when(iso: string, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return at.toDateString() === now.toDateString()
    ? at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : at.toLocaleDateString([], { day: "numeric", month: "short" });
}

function Thread({ comments }: { comments: TaskPush["comments"] }) {
  const now = new Date();
  if (comments.length === 0) return null;
  return (
    <ol class="lw-thread">
      {comments.map(({ id, author, text, at, region }) => (
        <li key={id}>
          <div class="lw-line lw-muted lw-by">
            <span class="lw-cut">{author}</span>
            <span>{when(at, now)}</span>
            {region && <span>on a region</span>}
          </div>
          <p dir="auto">{text}</p>
        </li>
      ))}
    </ol>
  );
}

function NewComment({ region, onSend }: { region: string | null; onSend: (text: string) => void }) {
  const id = useId();
  const [text, setText] = useState("");
  const send = () => {
    if (!text.trim()) return;
    onSend(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    if (event.key === "Enter" && event.shiftKey) return;
    if (event.key === "Enter") send();
    else (event.currentTarget as HTMLElement).closest<HTMLElement>(".lw-root")?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const says = region ? "Comment on the selected region" : "Comment on this item";
  return (
    <div class="lw-line lw-new">
      <label class="lw-unseen" for={id}>
        {says}
      </label>
      <textarea
        id={id}
        class="lw-input"
        rows={1}
        dir="auto"
        placeholder={`${says}…`}
        maxLength={4000}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {text.trim() && <Button says="Send" look="edged" onClick={send} />}
    </div>
  );
}

export function Comments({ desk }: { desk: Desk }) {
  const task = useSignal(desk.task);
  const ids = useSignal(desk.selection.ids);
  const region = ids.size === 1 ? ([...ids][0] ?? null) : null;
  return (
    <>
      <Thread comments={task?.push.comments ?? []} />
      <NewComment region={region} onSend={(text) => desk.comment(text, region)} />
    </>
  );
}
