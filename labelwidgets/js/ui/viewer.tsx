/** Examples of the instructions, drawn by the widget's own surface on a desk where nothing can be changed. */

import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import type { ExampleJson } from "../core/protocol.ts";
import type { Surface } from "./surface.ts";

/** Makes a desk with the example's task on it, phase "viewing". */
export type ShowCase = (example: ExampleJson) => Desk;

function Example({ desk, surface }: { desk: Desk; surface: Surface }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current) return;
    const scope = desk.scope.child();
    surface(host.current, desk, scope);
    return () => scope.dispose();
  }, [desk, surface]);
  return <div ref={host} class="lw-surface" />;
}

function Made({
  example,
  showCase,
  surface,
}: {
  example: ExampleJson;
  showCase: ShowCase;
  surface: Surface;
}) {
  const desk = useMemo(() => showCase(example), [example, showCase]);
  return <Example desk={desk} surface={surface} />;
}

/** Draws examples with `surface`. */
export function viewerOf(showCase: ShowCase, surface: Surface): (example: ExampleJson) => VNode {
  return (example) => <Made example={example} showCase={showCase} surface={surface} />;
}
