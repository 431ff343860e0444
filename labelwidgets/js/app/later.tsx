/** The manager's page comes in a part of its own: who only labels never loads it. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../ui/control.tsx";
import type { ManageData } from "./acts.ts";
import type { Shell } from "./shell.ts";

export interface ManageProps {
  shell: Shell;
  data: ManageData;
}

/** Fetches the part, or tells why it can't be had. */
export type LaterPart = () => Promise<{ Manage: ComponentType<ManageProps> }>;

/** Once it is there it stays. */
let here: ComponentType<ManageProps> | null = null;

export function ManagePage({ later, ...props }: ManageProps & { later: LaterPart }) {
  const [Page, setPage] = useState<ComponentType<ManageProps> | null>(() => here);
  const [trouble, setTrouble] = useState("");
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (here) return;
    setTrouble("");
    later().then(
      ({ Manage }) => {
        here = Manage;
        setPage(() => Manage);
      },
      (error: Error) => setTrouble(error.message),
    );
  }, [tries]);
  if (Page) return <Page {...props} />;
  return (
    <div class="lw-a-page" role="status">
      {trouble ? (
        <Button
          says={`Could not be loaded (${trouble}). Try again`}
          look="edged"
          onClick={() => setTries(tries + 1)}
        />
      ) : (
        "Loading…"
      )}
    </div>
  );
}
