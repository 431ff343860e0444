/** The app's own frame: its header, what is the matter, and the page. */

import { render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isComposing } from "../core/keys.ts";
import { useSignal } from "../ui/useSignal.ts";
import { AboutPage } from "./about.tsx";
import { GoTo } from "./goto.tsx";
import { Header } from "./header.tsx";
import { LabelPage } from "./label.tsx";
import { type LaterPart, ManagePage } from "./later.tsx";
import { Asleep, Away, Outside } from "./outside.tsx";
import { Heading } from "./parts.tsx";
import { ProjectsPage } from "./projects.tsx";
import type { Opened, Shell } from "./shell.ts";
import { called, TITLES } from "./words.ts";
import { WorkPage } from "./work.tsx";

/** What comes when a page can't be shown: the kernel's reason, and a way on. */
function Refused({ shell, reason }: { shell: Shell; reason: string }) {
  return (
    <div class="lw-a-page">
      <Heading>This page can't be shown</Heading>
      <p>{reason}</p>
      <p>
        <button type="button" class="lw-button lw-edged" onClick={() => shell.go("projects")}>
          To the projects
        </button>
      </p>
    </div>
  );
}

function PageOf({ shell, opened, later }: { shell: Shell; opened: Opened; later: LaterPart }) {
  const { place, data, reason } = opened;
  if (reason) return <Refused shell={shell} reason={reason} />;
  const key = `${place.page}/${place.project}`;
  switch (place.page) {
    case "projects":
      return <ProjectsPage shell={shell} />;
    case "label":
      return <LabelPage key={key} shell={shell} model={(data as { model: string }).model} />;
    case "work":
      return <WorkPage key={key} shell={shell} data={data as never} />;
    case "manage":
      return <ManagePage key={key} shell={shell} data={data as never} later={later} />;
    case "about":
      return <AboutPage shell={shell} data={data as never} />;
  }
}

/** Brings the focus to where a page begins, and says which page it is. */
function useArrival(shell: Shell, opened: Opened | null, main: { current: HTMLElement | null }): void {
  const key = opened ? `${opened.place.page}/${opened.place.project}/${opened.reason}` : "";
  const first = useRef(true);
  useLayoutEffect(() => {
    if (!opened) return;
    const { page, project } = opened.place;
    const { title } = shell.state;
    const names = [TITLES[page], project && called(project, title), title].filter(Boolean);
    document.title = [...new Set(names)].join(" · ");
    if (!first.current) shell.say(document.title);
    // The widget takes the focus itself, once it stands there.
    if (page !== "label" && !first.current) main.current?.querySelector<HTMLElement>("h1")?.focus();
    if (!first.current) main.current?.scrollTo?.(0, 0);
    first.current = false;
  }, [key]);
}

function Live({ shell }: { shell: Shell }) {
  return (
    <div class="lw-unseen" role="status" aria-live="polite">
      {useSignal(shell.said)}
    </div>
  );
}

/** Whether it is the key of the command "open"; on the page that labels the widget's own keymap hears it. */
function opensPages(event: KeyboardEvent): boolean {
  const others = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
  return event.key === "O" && !others && !isComposing(event);
}

/** Whether a key pressed there is for typing. */
function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return (
    element?.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") ??
    false
  );
}

function App({ shell, later }: { shell: Shell; later: LaterPart }) {
  const root = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLDivElement>(null);
  const [going, setGoing] = useState(false);
  const stage = useSignal(shell.stage);
  const opened = useSignal(shell.opened);
  const busy = useSignal(shell.busy);
  useArrival(shell, opened, main);
  useEffect(() => {
    const { scope } = shell;
    const app = root.current;
    if (!app) return;
    for (const type of ["pointerdown", "pointermove", "keydown", "wheel"] as const)
      scope.listen(app, type, () => shell.touched(), { capture: true, passive: true });
    scope.listen(document, "visibilitychange", () => shell.hide(document.hidden));
    // The labeling widget keeps its keys to itself, and hands this one on.
    scope.listen(app, "lw-pages", () => setGoing(true));
    // A published page is the app's alone; in a notebook only what is pressed inside is meant for it.
    scope.listen(shell.config ? document.body : app, "keydown", (event) => {
      if (!opensPages(event) || isTyping(event.target)) return;
      event.preventDefault();
      if (shell.stage.value === "in") setGoing(true);
    });
  }, [shell]);
  const shows = stage === "in" || ((stage === "away" || stage === "gone") && opened !== null);
  return (
    <div ref={root} class="lw-app">
      {shows && <Header shell={shell} onGo={() => setGoing(true)} />}
      {shows && stage === "away" && <Away shell={shell} />}
      <div
        ref={main}
        id="lw-a-main"
        aria-busy={busy}
        class={opened?.place.page === "label" && !opened.reason ? "lw-a-main lw-a-full" : "lw-a-main"}
      >
        {shows && opened ? (
          <PageOf shell={shell} opened={opened} later={later} />
        ) : (
          <Outside shell={shell} stage={stage} />
        )}
      </div>
      <Live shell={shell} />
      {going && <GoTo shell={shell} onClose={() => setGoing(false)} />}
      {shows && stage === "gone" && <Asleep shell={shell} />}
    </div>
  );
}

/** Mounts the app into `host`; it is gone when the shell's scope ends. */
export function mountApp(host: HTMLElement, shell: Shell, later: LaterPart): void {
  render(<App shell={shell} later={later} />, host);
  shell.scope.own(() => render(null, host));
}
