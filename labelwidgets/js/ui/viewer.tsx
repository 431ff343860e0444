/** An example of the instructions, drawn by the widget's own surface on a desk where nothing can be changed. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import type { ExampleJson } from "../core/protocol.ts";
import { showCase } from "../core/showcase.ts";
import type { Surface } from "./surface.ts";

interface ExampleProps {
  /** The desk beside which it is shown. */
  desk: Desk;
  example: ExampleJson;
  surface: Surface;
}

export function Example({ desk, example, surface }: ExampleProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current) return;
    const shown = showCase(desk, example);
    surface(host.current, shown, shown.scope);
    return () => shown.scope.dispose();
  }, [desk, example, surface]);
  return <div ref={host} class="lw-surface" />;
}
