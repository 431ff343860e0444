/** The page on which one labels: nothing but the project's own widget. */

import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "../ui/useSignal.ts";
import type { Shell } from "./shell.ts";

export function LabelPage({ shell, model }: { shell: Shell; model: string }) {
  const host = useRef<HTMLDivElement>(null);
  const wanted = useSignal(shell.wanted);
  const shown = useRef<Promise<void> | null>(null);
  useEffect(() => {
    const scope = shell.scope.child();
    if (host.current) shown.current = stand(shell, model, host.current, scope.abortSignal);
    return () => scope.dispose();
  }, [model]);
  useEffect(() => {
    if (wanted === null) return;
    void shown.current?.then(() => {
      shell.wanted.set(null);
      const widget = host.current?.querySelector(".lw-root");
      widget?.dispatchEvent(new CustomEvent("lw-goto", { detail: wanted }));
    });
  }, [wanted]);
  return <div ref={host} class="lw-a-host" />;
}

/** The model of a widget that was made a moment ago may be on its way still. */
const TRIES = 40;
const PAUSE_MS = 50;

async function stand(shell: Shell, model: string, el: HTMLElement, until: AbortSignal): Promise<void> {
  for (let left = TRIES; !until.aborted; left--) {
    try {
      await shell.show(model, el, until);
      el.querySelector<HTMLElement>(".lw-root")?.focus({ preventScroll: true });
      return;
    } catch (error) {
      if (left === 0) {
        el.textContent = `The project can't be shown: ${(error as Error).message}. Load the page again.`;
        return;
      }
      await new Promise((later) => shell.scope.timeout(() => later(undefined), PAUSE_MS));
    }
  }
}
