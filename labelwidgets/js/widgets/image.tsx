/** The bundle of every widget whose item is an image: boxes on it, or answers about it. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RegionDesk } from "../canvas/board.ts";
import { imageSurface } from "../canvas/surface.ts";
import { Answer } from "../core/annotations.ts";
import type { Desk } from "../core/desk.ts";
import { Keymap } from "../core/keymap.ts";
import type { Bundle } from "../core/model.ts";
import { openDesk } from "../core/open.ts";
import type { ExampleJson } from "../core/protocol.ts";
import { Selection } from "../core/selection.ts";
import { Cell } from "../core/signal.ts";
import { mountFrame } from "../ui/frame.tsx";
import { Regions } from "../ui/regions.tsx";

/** A desk that only shows: the example's answer, and no act that reaches the kernel. */
function exampleDesk(desk: Desk, { task: push }: ExampleJson): RegionDesk {
  const { schema } = desk.state.value;
  const answer = new Answer(schema);
  answer.load(push.answer?.values ?? {});
  return {
    state: desk.state,
    task: new Cell({ push, media: null, again: false }),
    queue: new Cell([]),
    phase: new Cell("viewing" as const),
    suggestion: new Cell(null),
    answer,
    selection: new Selection(answer),
    keymap: new Keymap(schema),
    media: desk.media,
    taxonomy: (field) => desk.taxonomy(field),
    acceptRegions: () => {},
    rejectRegions: () => {},
  };
}

function Example({ desk, example }: { desk: Desk; example: ExampleJson }) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current) return;
    const scope = desk.scope.child();
    imageSurface(host.current, exampleDesk(desk, example), scope);
    return () => scope.dispose();
  }, [desk, example]);
  return <div ref={host} class="lw-surface" />;
}

const bundle: Bundle = {
  mount(model, el, inbox, signal) {
    const ended = new AbortController();
    const desk = openDesk(model, el, inbox, AbortSignal.any([signal, ended.signal]));
    const viewer = (example: ExampleJson) => <Example desk={desk} example={example} />;
    mountFrame(el, desk, imageSurface, { viewer, regions: Regions }, desk.scope);
    return () => ended.abort();
  },
};

export default bundle;
