/** Signals of the core in Preact. */

import { useLayoutEffect, useMemo, useReducer } from "preact/hooks";
import type { Scope } from "../core/scope.ts";
import type { Signal } from "../core/signal.ts";

/** The value of `signal`; the component is drawn again when it changes. */
export function useSignal<T>(signal: Signal<T>): T {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const value = signal.value;
  useLayoutEffect(() => {
    // It may have changed between drawing and now.
    if (!Object.is(signal.value, value)) redraw(undefined);
    return signal.subscribe(() => redraw(undefined));
  }, [signal]);
  return value;
}

/** A scope that ends with the component. */
export function useScope(parent: Scope): Scope {
  const scope = useMemo(() => parent.child(), [parent]);
  useLayoutEffect(() => () => scope.dispose(), [scope]);
  return scope;
}
