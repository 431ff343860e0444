/** The item, large: the surface's host, and what stands over it when there is no item to see. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Desk } from "../core/desk.ts";
import { later } from "./later.tsx";
import { Loading, Trouble } from "./states.tsx";
import type { Surface, SurfaceHandle } from "./surface.ts";
import { useSignal } from "./useSignal.ts";

const BrokenItem = later("BrokenItem");
const Closed = later("Closed");
const Finished = later("Finished");

interface StageProps {
  desk: Desk;
  surface: Surface;
  onReady?: (handle: SurfaceHandle) => void;
}

function Plate({ desk }: { desk: Desk }) {
  const phase = useSignal(desk.phase);
  const trouble = useSignal(desk.trouble);
  const code = useSignal(desk.barred);
  const task = useSignal(desk.task);
  const state = useSignal(desk.state);
  const canBack = useSignal(desk.canBack);
  if (phase === "broken") return <Trouble code={code} reason={trouble} />;
  if (phase === "loading") return <Loading />;
  if (phase === "finished") return <Finished state={state} canBack={canBack} onBack={() => desk.back()} />;
  if (task === null && state.read_only) return <Closed reason={state.read_only} />;
  const { broken, name } = task?.push.media ?? {};
  if (broken === undefined || state.mode === "grid") return null;
  return <BrokenItem name={name ?? ""} reason={broken} onSkip={() => desk.skip(`broken: ${broken}`)} />;
}

export function Stage({ desk, surface, onReady }: StageProps) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current) return;
    const scope = desk.scope.child();
    onReady?.(surface(host.current, desk, scope));
    return () => scope.dispose();
  }, [desk, surface, onReady]);
  return (
    <div class="lw-stage">
      <div ref={host} class="lw-surface" />
      <Plate desk={desk} />
    </div>
  );
}
