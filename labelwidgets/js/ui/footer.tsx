/** The foot of the frame: skip, instructions, back, and the one primary act, always in the same place. */

import type { Desk, Problem } from "../core/desk.ts";
import { Cell } from "../core/signal.ts";
import { Button } from "./control.tsx";
import { controlId } from "./form.tsx";
import { later } from "./later.tsx";
import { Notice } from "./notice.tsx";
import type { SurfaceHandle } from "./surface.ts";
import { useSignal } from "./useSignal.ts";

const SUBMIT = new Cell("Submit");

export interface SkipProps {
  reasons: string[];
  keys: string | null | undefined;
  open: boolean;
  setOpen: (open: boolean) => void;
  onSkip: (reason: string) => void;
}

/** Opens the reasons, which then are there in a moment. */
function SkipButton({ reasons, keys, setOpen, onSkip }: SkipProps) {
  const skip = () => (reasons.length > 0 ? setOpen(true) : onSkip(""));
  return <Button says="Skip" icon="skip" keys={keys} onClick={skip} />;
}

const Skip = later("Skip", SkipButton);

interface FooterProps {
  desk: Desk;
  handle: SurfaceHandle | null;
  /** Prefix of the ids of the form's controls. */
  form: string;
  root: { current: HTMLElement | null };
  /** Whether the instructions are open; null when there are none. */
  instructions: boolean | null;
  onInstructions: () => void;
  skipping: boolean;
  setSkipping: (open: boolean) => void;
  /** The focus goes back to the item. */
  onDone: () => void;
}

function Problems({ problems, onFix }: { problems: readonly Problem[]; onFix: (field: string) => void }) {
  const [first] = problems;
  if (!first) return null;
  const { field, reason } = first;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return (
    <div class="lw-problems" role="alert">
      <Notice
        icon="bad"
        tone="bad"
        acts={field !== null && <Button says="Fix it" look="edged" onClick={() => onFix(field)} />}
      >
        {reason}
        {more}
      </Notice>
    </div>
  );
}

export function Footer(props: FooterProps) {
  const { desk, root } = props;
  const state = useSignal(desk.state);
  const phase = useSignal(desk.phase);
  const canBack = useSignal(desk.canBack);
  const problems = useSignal(desk.problems);
  const task = useSignal(desk.task);
  const broken = task?.push.media.broken !== undefined;
  const primary = useSignal(props.handle?.primary ?? SUBMIT);
  const key = (command: string) => desk.keymap.display(command);
  const fix = (field: string) => {
    const id = controlId(props.form, field);
    const control = root.current?.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    if (control) control.focus();
    else props.onDone();
  };
  const skip = (reason: string) => {
    desk.skip(reason);
    props.onDone();
  };
  return (
    <>
      <Problems problems={problems} onFix={fix} />
      <div class="lw-foot">
        {phase === "working" && (
          <Skip
            reasons={state.options.skip_reasons}
            keys={key("skip")}
            open={props.skipping}
            setOpen={props.setSkipping}
            onSkip={skip}
          />
        )}
        {props.instructions !== null && (
          <Button
            says="Instructions"
            icon="book"
            expanded={props.instructions}
            class="lw-fold"
            onClick={props.onInstructions}
          />
        )}
        <span class="lw-grow" />
        {state.mode !== "grid" && (
          <Button
            says="Back"
            icon="back"
            class="lw-fold"
            keys={key("back")}
            disabled={!canBack}
            onClick={() => desk.keymap.run("back")}
          />
        )}
        <Button
          says={task?.again && phase === "working" ? "Save the change" : primary}
          look="first"
          keys="⏎"
          disabled={phase !== "working" || broken}
          onClick={() => desk.keymap.run("submit")}
        />
      </div>
    </>
  );
}
