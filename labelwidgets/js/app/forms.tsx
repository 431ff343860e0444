/** Forms of the manager's page: fields with names, an act that is under way, and what came of it. */

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import type { Answered } from "../core/model.ts";
import type { Json } from "../core/protocol.ts";
import { Button } from "../ui/control.tsx";
import { Icon } from "../ui/icons.tsx";
import type { AppActKind } from "./acts.ts";
import { Dialog } from "./parts.tsx";
import type { Shell } from "./shell.ts";
import { ROLES, role as roleInWords } from "./words.ts";

export interface Doing {
  busy: boolean;
  trouble: string;
  /** Null when it was refused; `trouble` says why. */
  run: (kind: AppActKind, fields: Record<string, Json>, says: string) => Promise<Answered | null>;
}

/** One act at a time, with the kernel's reason when it was refused. */
export function useDoing(shell: Shell): Doing {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  async function run(kind: AppActKind, fields: Record<string, Json>, says: string) {
    if (busy) return null;
    setBusy(true);
    setTrouble("");
    try {
      const answered = await shell.act(kind, fields);
      shell.say(says);
      return answered;
    } catch (error) {
      setTrouble((error as Error).message);
      return null;
    } finally {
      setBusy(false);
    }
  }
  return { busy, trouble, run };
}

interface LineProps {
  says: string;
  help?: string;
  /** The control, which carries the id that its name and its help refer to. */
  children: (control: { id: string; "aria-describedby"?: string }) => ComponentChildren;
}

export function Line({ says, help, children }: LineProps) {
  const id = useId();
  return (
    <div class="lw-a-field">
      <label class="lw-name" for={id}>
        {says}
      </label>
      {children(help ? { id, "aria-describedby": `${id}-help` } : { id })}
      {help && (
        <span id={`${id}-help`} class="lw-muted lw-a-small">
          {help}
        </span>
      )}
    </div>
  );
}

interface InputProps {
  says: string;
  help?: string;
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "number";
  required?: boolean;
  suggestions?: readonly string[];
  placeholder?: string;
  autofocus?: boolean;
}

export function Input({ says, help = "", value, onInput, suggestions, type = "text", ...rest }: InputProps) {
  return (
    <Line says={says} help={help}>
      {(control) => (
        <>
          <input
            {...control}
            class="lw-input"
            type={type}
            maxLength={200}
            autocomplete="off"
            dir="auto"
            {...rest}
            {...(type === "number" ? { min: 1, step: 1 } : {})}
            {...(suggestions ? { list: `${control.id}-list` } : {})}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          {suggestions && (
            <datalist id={`${control.id}-list`}>
              {suggestions.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Line>
  );
}

interface RoleProps {
  roles: readonly string[];
  value: string;
  onChange: (role: string) => void;
}

export function RoleSelect({ roles, value, onChange }: RoleProps) {
  const known = roles.includes(value) ? roles : [value, ...roles];
  return (
    <Line says="Role" help={ROLES[value] ?? ""}>
      {(control) => (
        <select
          {...control}
          class="lw-input"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {known.map((name) => (
            <option key={name} value={name}>
              {roleInWords(name)}
            </option>
          ))}
        </select>
      )}
    </Line>
  );
}

interface AskProps {
  title: string;
  /** What the one primary act is called. */
  says: string;
  doing: Doing;
  grave?: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children: ComponentChildren;
}

/** A dialog with one form and one primary act. */
export function Ask({ title, says, doing, grave, onClose, onSubmit, children }: AskProps) {
  return (
    <Dialog title={title} class="lw-a-form" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div class="lw-head">
          <h2 class="lw-title lw-grow" dir="auto">
            {title}
          </h2>
          <Button says="Close" icon="close" only onClick={onClose} />
        </div>
        <div class="lw-a-inside">{children}</div>
        <div class="lw-foot">
          {doing.trouble && (
            <p class="lw-trouble lw-grow" role="alert">
              <Icon name="warn" />
              <span>{doing.trouble}</span>
            </p>
          )}
          <span class="lw-grow" />
          <Button says="Cancel" onClick={onClose} />
          <button
            type="submit"
            class={`lw-button lw-first${grave ? " lw-a-grave" : ""}`}
            aria-disabled={doing.busy}
          >
            {doing.busy ? "Working…" : says}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Words with commas between them. */
export function words(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}
