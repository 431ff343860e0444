/** Small parts of the app's pages: icons, meters, links, what drops down from a button, dialogs. */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PageName } from "./place.ts";
import type { Shell } from "./shell.ts";
import { ago, initials, moment } from "./words.ts";

/** Further icons of the set in ui/icons.tsx. */
const PATHS = {
  about: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 7.5V11m0-6.1v.1",
  down: "M4 6l4 4 4-4",
  label: "M3 3h10v10H3V3Zm2.5 5L7 9.7 10.5 6",
  manage: "M2.5 13.5V9m3.7 4.5v-9m3.6 9V7m3.7 6.5v-11",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  out: "M9.5 11v2.5H2.5v-11h7V5M6 8h8m-2.5-2.5L14 8l-2.5 2.5",
  projects: "M2 3h5v4H2V3Zm7 0h5v4H9V3ZM2 9h5v4H2V9Zm7 0h5v4H9V9Z",
  work: "M8 2.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5ZM2.5 14c0-2.5 2.5-4 5.5-4s5.5 1.5 5.5 4",
  copy: "M5.5 5.5h8v8h-8v-8Zm-3 5v-8h8",
  plus: "M8 3v10M3 8h10",
  load: "M8 2v8m-3-3 3 3 3-3M2.5 13.5h11",
} as const;

export type AppIconName = keyof typeof PATHS;

export function AppIcon({ name }: { name: AppIconName }) {
  return (
    <svg class="lw-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A bar of how much is done; `says` is it in words. */
export function Meter({ share, says, label }: { share: number; says: string; label: string }) {
  const percentage = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      class="lw-meter"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percentage}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={says}
    >
      <i style={{ width: `${percentage}%` }} />
    </div>
  );
}

/** A moment as people say it; the whole of it as its tooltip. */
export function When({ at, none = "never" }: { at: string | null; none?: string }) {
  return at === null ? (
    <span class="lw-muted">{none}</span>
  ) : (
    <time class="lw-a-when" dateTime={at} title={moment(at)}>
      {ago(at)}
    </time>
  );
}

export function Avatar({ name }: { name: string }) {
  return (
    // By the style sheet: a picture made of letters, no words.
    <span class="lw-a-avatar" data-letters={initials(name)} aria-hidden="true" />
  );
}

interface LinkProps {
  shell: Shell;
  page: PageName;
  project?: string | null;
  class?: string;
  current?: boolean;
  title?: string;
  onGo?: () => void;
  children: ComponentChildren;
}

/** A link that can be opened in a new tab, and goes there without a reload else. */
export function PageLink({ shell, page, project, current, onGo, ...rest }: LinkProps) {
  return (
    <a
      class={rest.class}
      title={rest.title}
      href={shell.href(page, project)}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onGo?.();
        void shell.go(page, project);
      }}
    >
      {rest.children}
    </a>
  );
}

interface DropProps {
  /** Name of the button, for those who don't see what it shows. */
  says: string;
  class?: string;
  face: ComponentChildren;
  children: (close: () => void) => ComponentChildren;
}

/** What drops down from a button; closes on Escape and when the focus leaves. */
export function Drop({ says, face, children, ...rest }: DropProps) {
  const [open, setOpen] = useState(false);
  const pane = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open) pane.current?.querySelector<HTMLElement>("a, button")?.focus();
  }, [open]);
  const close = () => setOpen(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      close();
      opener.current?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(pane, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent) => {
    const to = event.relatedTarget as Node | null;
    if (to && !pane.current?.contains(to) && !opener.current?.contains(to)) close();
  };
  return (
    <div class={`lw-anchor ${rest.class ?? ""}`} onFocusOut={onFocusOut}>
      <button
        ref={opener}
        type="button"
        class="lw-button"
        aria-label={says}
        aria-expanded={open}
        title={says}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div ref={pane} class="lw-pop lw-a-drop" role="dialog" aria-label={says} onKeyDown={onKeyDown}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

function step(pane: { current: HTMLElement | null }, key: string): void {
  const all = Array.from(pane.current?.querySelectorAll<HTMLElement>("a, button") ?? []);
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[(at + (key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  class?: string;
}

/** A modal dialog; Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, ...rest }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // The browser tells of it later, when another dialog may stand there.
      gone.current = true;
      shown?.close();
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`lw-dialog ${rest.class ?? ""}`}
      aria-label={title}
      onClose={() => gone.current || onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {children}
    </dialog>
  );
}

/** The heading of a page, which gets the focus when one comes to it. */
export function Heading({ children, beside }: { children: ComponentChildren; beside?: ComponentChildren }) {
  return (
    <div class="lw-a-heading">
      <h1 tabIndex={-1}>{children}</h1>
      {beside}
    </div>
  );
}

/** Hands a file to the browser. */
export function save(bytes: Uint8Array | undefined, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
