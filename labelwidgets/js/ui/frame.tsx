/** The one frame of every widget: status, labels, the item, the panel, and the primary act. */

import { render } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import { Footer } from "./footer.tsx";
import { type Drawn, LabelBar } from "./labelbar.tsx";
import { later, Silent } from "./later.tsx";
import { Side } from "./side.tsx";
import { Stage } from "./stage.tsx";
import { StatusBar } from "./statusbar.tsx";
import type { Surface, SurfaceHandle } from "./surface.ts";
import { useSignal } from "./useSignal.ts";

const Help = later("Help");
const Instructions = later("Instructions");
const Notices = later("Notices", Silent);
const SuggestionBanner = later("SuggestionBanner", Silent);

export interface FrameOptions {
  /** What the bar of labels has for the surface. */
  drawn?: Drawn;
  /** Draws the examples of the instructions; the widget's surface without it. */
  example?: Surface;
  /** Nothing beside the item (a grid of many). */
  alone?: boolean;
}

interface FrameProps extends FrameOptions {
  desk: Desk;
  surface: Surface;
  id: string;
}

/** What lies over the frame; one thing at a time. */
export type Over = "help" | "instructions" | "skip" | null;

/** Brings the focus to the first element that `selector` finds in the frame; false when there is none. */
function focusOn(root: HTMLElement | null, selector: string): boolean {
  const target = root?.querySelector<HTMLElement>(selector);
  target?.focus();
  return target !== null && target !== undefined;
}

/** Whether skipping asks for a reason; without any to choose from, the desk skips at once. */
function asksWhy({ phase, state }: Desk): boolean {
  return phase.value === "working" && state.value.options.skip_reasons.length > 0;
}

/** Carries out the commands that are the frame's own. */
function useCommands(desk: Desk, root: { current: HTMLElement | null }, toggle: (over: Over) => void): void {
  useEffect(() => {
    const { keymap } = desk;
    const shows = (over: Over) => () => {
      toggle(over);
      return true;
    };
    const find = () => focusOn(root.current, ".lw-find input, .lw-search [role=combobox]");
    // A letter that is no key of a label begins the search for one.
    keymap.onTyped(find);
    const unbind = [
      keymap.bind("help", shows("help")),
      keymap.bind("instructions", shows("instructions")),
      keymap.bind("skip", () => asksWhy(desk) && shows("skip")()),
      keymap.bind("find", find),
      keymap.bind("comment", () => focusOn(root.current, ".lw-new textarea")),
    ];
    return () => {
      for (const end of unbind) end();
    };
  }, [desk, root, toggle]);
}

/** In the published app: the key that leads to other pages is the app's, and it may ask for a task answered before. */
function useApp(desk: Desk, root: { current: HTMLElement | null }): void {
  useEffect(() => {
    const app = root.current?.closest(".lw-app");
    if (!root.current || !app) return;
    desk.scope.listen(root.current, "lw-goto", (event) => void desk.goto((event as CustomEvent).detail));
    return desk.keymap.bind("open", () => app.dispatchEvent(new Event("lw-pages")));
  }, [desk, root]);
}

/**
 * Keeps the keys alive: after a click on a button, and after the focused element has gone with its task, the
 * focus is on the item again, so that the next key is a label or Enter.
 */
function useFocusOnItem(desk: Desk, root: { current: HTMLElement | null }, handle: SurfaceHandle | null) {
  const back = useCallback(
    () => (handle ? handle.focus() : root.current?.focus({ preventScroll: true })),
    [handle, root],
  );
  const inside = useRef(false);
  const task = useSignal(desk.task);
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    if (inside.current && (activeElement === null || activeElement === body)) back();
  }, [task, back]);
  const onClick = (event: MouseEvent) => {
    const button = (event.target as Element).closest("button");
    const stays = button?.closest(".lw-pop, .lw-drawer, dialog, [aria-expanded]");
    const { activeElement, body } = document;
    const moved = activeElement !== button && activeElement !== body;
    // 0 clicks: pressed by a key, whose owner goes on from there.
    if (button && !stays && !moved && event.detail > 0) back();
    else if (!button?.isConnected) desk.scope.frame(() => document.activeElement === body && back());
  };
  return {
    back,
    onClick,
    onFocusIn: () => {
      inside.current = true;
    },
    onFocusOut: (event: FocusEvent) => {
      const to = event.relatedTarget as Node | null;
      if (to && !root.current?.contains(to)) inside.current = false;
    },
  };
}

/** Enter on a radio or a box to tick is the form's, as in any form; Space is the control's. */
function submitsFrom(event: KeyboardEvent, desk: Desk): void {
  const role = (event.target as Element).getAttribute("role");
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (role !== "radio" && role !== "checkbox") return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) desk.keymap.run("submit", event);
}

/** Opens the instructions for who has not labeled here yet, and again when they have changed. */
function useInstructions({ state }: Desk): [Over, (over: Over | ((now: Over) => Over)) => void] {
  const { instructions, progress, mode } = useSignal(state);
  const isNew = instructions.html !== "" && progress.mine === 0 && mode !== "view";
  const [over, setOver] = useState<Over>(isNew ? "instructions" : null);
  const seen = useRef(instructions.version);
  useEffect(() => {
    if (seen.current !== instructions.version && instructions.html !== "") setOver("instructions");
    seen.current = instructions.version;
  }, [instructions]);
  return [over, setOver];
}

/** Where the panel lies below the item, the next item is seen from its top, not where the last one was left. */
function useTop(desk: Desk, body: { current: HTMLElement | null }): void {
  const push = useSignal(desk.task)?.push;
  useLayoutEffect(() => {
    if (body.current) body.current.scrollTop = 0;
  }, [body, push?.id, push?.round]);
}

function toggleFullScreen(root: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void root?.requestFullscreen?.();
}

function LiveRegion({ desk }: { desk: Desk }) {
  return (
    <div class="lw-unseen" role="status" aria-live="polite">
      {useSignal(desk.said)}
    </div>
  );
}

export function Frame({ desk, surface, id, drawn, example = surface, alone }: FrameProps) {
  const root = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [handle, setHandle] = useState<SurfaceHandle | null>(null);
  const state = useSignal(desk.state);
  const phase = useSignal(desk.phase);
  const [over, setOver] = useInstructions(desk);
  const toggle = useCallback((next: Over) => setOver((now) => (now === next ? null : next)), [setOver]);
  const begins = useRef(over === "instructions");
  if (over !== "instructions") begins.current = false;
  const task = useSignal(desk.task);
  const beside = !alone && (task !== null || (phase === "working" && state.mode === "grid"));
  const { back, ...focus } = useFocusOnItem(desk, root, handle);
  useCommands(desk, root, toggle);
  useApp(desk, root);
  useTop(desk, body);
  useLayoutEffect(() => {
    if (root.current) desk.keymap.attach(root.current, desk.scope);
  }, [desk]);
  const hasInstructions = state.instructions.html !== "";
  const close = () => {
    setOver(null);
    back();
  };
  const { display } = desk.keymap;
  const key = (command: string) => display.call(desk.keymap, command);
  return (
    <section
      ref={root}
      class="lw-root"
      aria-label={`Labeling: ${state.title || state.session}`}
      // Its own words are English; those of the data say their direction themselves.
      dir="ltr"
      tabIndex={0}
      onKeyDown={(event) => submitsFrom(event, desk)}
      {...focus}
    >
      <StatusBar
        desk={desk}
        helpKey={key("help")}
        onHelp={() => toggle("help")}
        menu={[
          ...(hasInstructions
            ? [
                {
                  says: "Instructions",
                  icon: "book" as const,
                  keys: key("instructions"),
                  act: () => setOver("instructions"),
                },
              ]
            : []),
          { says: "Keyboard shortcuts", icon: "help", keys: key("help"), act: () => setOver("help") },
          { says: "Full screen", icon: "full", act: () => toggleFullScreen(root.current) },
        ]}
      />
      <div role="status">
        <Notices desk={desk} />
      </div>
      {(task || phase !== "viewing") && <LabelBar desk={desk} id={id} drawn={drawn} />}
      <SuggestionBanner desk={desk} />
      <div ref={body} class={`lw-body${beside ? "" : " lw-alone"}`}>
        <Stage desk={desk} surface={surface} onReady={setHandle} />
        {beside && <Side desk={desk} id={id} />}
        {over === "instructions" && hasInstructions && (
          <Instructions desk={desk} surface={example} first={begins.current} onClose={close} />
        )}
      </div>
      {phase !== "viewing" && (
        <Footer
          desk={desk}
          handle={handle}
          form={id}
          root={root}
          instructions={hasInstructions ? over === "instructions" : null}
          onInstructions={() => toggle("instructions")}
          skipping={over === "skip"}
          setSkipping={(open) => setOver(open ? "skip" : null)}
          onDone={back}
        />
      )}
      <LiveRegion desk={desk} />
      {over === "help" && <Help desk={desk} onClose={close} />}
    </section>
  );
}

let frames = 0;

/** Mounts a frame into `host`; it is gone when the desk's scope ends. */
export function mountFrame(
  host: HTMLElement,
  desk: Desk,
  surface: Surface,
  options: FrameOptions = {},
): void {
  frames += 1;
  render(<Frame desk={desk} surface={surface} id={`lw${frames}`} {...options} />, host);
  desk.scope.own(() => render(null, host));
}
