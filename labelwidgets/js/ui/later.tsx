/** Tools that are seldom needed come in a part of their own, after the first paint; until then their place is held. */

import type { ComponentProps, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { Later } from "../core/model.ts";
import { Cell } from "../core/signal.ts";
import { Button } from "./control.tsx";
import { useSignal } from "./useSignal.ts";

export type More = typeof import("./more.ts");

/** Shared by the widgets of a page: a part is evaluated once. */
const here = new Cell<More | null>(null);
const trouble = new Cell("");
let asking: Promise<void> | null = null;
let source: Later = () => Promise.reject(new Error("there is no page yet"));

/** Where the later parts come from: any widget of the page knows. */
export function laterFrom(from: Later): void {
  source = from;
}

/** Fetches the seldom tools, unless they are there or on their way. */
export function fetchMore(): Promise<void> {
  asking ??= ask();
  return asking;
}

async function ask(): Promise<void> {
  trouble.set("");
  try {
    here.set((await source("more")) as More);
  } catch (error) {
    asking = null;
    trouble.set((error as Error).message);
  }
}

/** Fetches them once what stands in their place has been painted. */
function useMore(): void {
  useEffect(() => void fetchMore(), []);
}

/** For what is to be seen: says that it is on its way, or why it is not. */
function Waiting() {
  const reason = useSignal(trouble);
  useMore();
  return (
    <div class="lw-later lw-muted" role="status">
      {reason ? (
        <Button says={`Could not be loaded (${reason}). Try again`} look="edged" onClick={fetchMore} />
      ) : (
        "Loading…"
      )}
    </div>
  );
}

/** For what mostly shows nothing. */
export function Silent() {
  useMore();
  return null;
}

/** The tool of that name, or what stands in its place while it is on its way. */
export function later<K extends keyof More>(
  name: K,
  Place: ComponentType<ComponentProps<More[K]>> = Waiting,
): More[K] {
  const Tool = (props: object) => {
    const Found = (useSignal(here)?.[name] ?? Place) as ComponentType;
    return <Found {...props} />;
  };
  return Tool as More[K];
}
