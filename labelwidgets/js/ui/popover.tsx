/** Small panes that open from a button: a menu, a list of reasons. They close on Escape and when the focus leaves. */

import type { ComponentChildren, CSSProperties } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Button } from "./control.tsx";
import type { SkipProps } from "./footer.tsx";
import type { IconName } from "./icons.tsx";
import type { MenuItem } from "./statusbar.tsx";

interface PopoverProps {
  says: string;
  icon: IconName;
  /** Only the icon is shown. */
  only?: boolean;
  keys?: string | null | undefined;
  /** Opened from elsewhere, such as by a key. */
  open: boolean;
  setOpen: (open: boolean) => void;
  /** The side of the button's box that it opens from. */
  place: "below" | "above";
  label: string;
  role?: "menu" | "dialog";
  children: ComponentChildren;
}

const PLACES: Record<PopoverProps["place"], CSSProperties> = {
  below: { top: "calc(100% + 4px)", insetInlineEnd: 0 },
  above: { bottom: "calc(100% + 4px)", insetInlineStart: 0 },
};

function step(pane: HTMLElement, event: KeyboardEvent): void {
  const all = Array.from(pane.querySelectorAll<HTMLElement>("button, input"));
  const by = event.key === "ArrowDown" ? 1 : -1;
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[(at + by + all.length) % all.length]?.focus();
}

function Popover(props: PopoverProps) {
  const { open, setOpen } = props;
  const pane = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) pane.current?.querySelector<HTMLElement>("button, input")?.focus();
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setOpen(false);
      opener.current?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp")
      step(event.currentTarget as HTMLElement, event);
    else if (event.key === "Tab" || event.ctrlKey || event.metaKey) return;
    else {
      // Letters typed here are no labels, and no commands of the host.
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent) => {
    const to = event.relatedTarget as Node | null;
    if (to && !pane.current?.contains(to) && !opener.current?.contains(to)) setOpen(false);
  };
  return (
    <div class="lw-anchor">
      <Button
        says={props.says}
        icon={props.icon}
        only={props.only ?? false}
        keys={props.keys}
        expanded={open}
        buttonRef={opener}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div
          ref={pane}
          class="lw-pop"
          role={props.role ?? "dialog"}
          aria-label={props.label}
          style={PLACES[props.place]}
          onKeyDown={onKeyDown}
          onFocusOut={onFocusOut}
        >
          {props.children}
        </div>
      )}
    </div>
  );
}

export function Menu({ items }: { items: MenuItem[] }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      says="More"
      icon="menu"
      only
      open={open}
      setOpen={setOpen}
      place="below"
      label="More"
      role="menu"
    >
      {items.map((item) => (
        <Button
          key={item.says}
          role="menuitem"
          says={item.says}
          icon={item.icon}
          keys={item.keys}
          onClick={() => {
            setOpen(false);
            item.act();
          }}
        />
      ))}
    </Popover>
  );
}

/** Skip, with a reason: one of the given ones or one's own words. */
export function Skip({ reasons, keys, open, setOpen, onSkip }: SkipProps) {
  const id = useId();
  const [words, setWords] = useState("");
  if (reasons.length === 0) return <Button says="Skip" icon="skip" keys={keys} onClick={() => onSkip("")} />;
  const skip = (reason: string) => {
    setOpen(false);
    setWords("");
    onSkip(reason);
  };
  return (
    <Popover
      says="Skip"
      icon="skip"
      keys={keys}
      open={open}
      setOpen={setOpen}
      place="above"
      label="Why skip this item?"
    >
      <p class="lw-title lw-ask">Why skip this item?</p>
      {reasons.map((reason) => (
        <Button key={reason} says={reason} onClick={() => skip(reason)} />
      ))}
      <form
        class="lw-line"
        onSubmit={(event) => {
          event.preventDefault();
          skip(words.trim());
        }}
      >
        <label class="lw-unseen" for={id}>
          Another reason
        </label>
        <input
          id={id}
          class="lw-input"
          placeholder="Another reason"
          maxLength={500}
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <button type="submit" class="lw-button lw-edged">
          Skip
        </button>
      </form>
    </Popover>
  );
}
