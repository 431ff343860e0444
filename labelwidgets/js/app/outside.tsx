/** What stands there when nobody is signed in, access has ended, or the server is silent: the truth, and what helps. */

import { Button } from "../ui/control.tsx";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { Plate } from "../ui/states.tsx";
import { useSignal } from "../ui/useSignal.ts";
import { Dialog } from "./parts.tsx";
import type { Shell, Stage } from "./shell.ts";

/** Unsent answers are in the browser, by the labeling widget's outbox. */
const KEPT =
  "What you entered and what is not yet saved is kept in this browser, and sent once you are back.";

const UNTAKEN = "What was not saved by then is not taken any more; it is kept in this browser.";

export function Outside({ shell, stage }: { shell: Shell; stage: Stage }) {
  const why = useSignal(shell.why);
  switch (stage) {
    case "out":
      return (
        <Plate icon="user" says="You are signed out" more={KEPT}>
          <a class="lw-button lw-first" href={shell.signIn}>
            Sign in
          </a>
        </Plate>
      );
    case "ended":
      return (
        <Plate
          icon="bad"
          says="Your access has ended"
          more={`${why || "Ask whoever invited you, if you think that this is a mistake."} ${UNTAKEN}`}
        />
      );
    case "barred":
      return (
        <Plate icon="bad" says="This page is not for you" more={why || "It was opened by somebody else."}>
          <Button says="Load it again" icon="reload" look="first" onClick={() => shell.reload()} />
          <a class="lw-button lw-edged" href={shell.signIn}>
            Sign in as somebody else
          </a>
        </Plate>
      );
    case "gone":
      return (
        <Plate icon="pause" says="This page fell asleep" more={KEPT}>
          <Button says="Go on" icon="reload" look="first" onClick={() => shell.reload()} />
        </Plate>
      );
    case "away":
      return (
        <Plate
          icon="offline"
          says="The server can't be reached"
          more={`${why} This page tries again by itself. ${KEPT}`}
        >
          <Button says="Try now" icon="reload" look="first" onClick={() => void shell.open()} />
        </Plate>
      );
    default:
      return (
        <div class="lw-state" role="status">
          <p>Opening {shell.state.title}…</p>
          <div class="lw-a-opening" aria-hidden="true" />
        </div>
      );
  }
}

/** The server is silent while a page is shown, which stays as it is. */
export function Away({ shell }: { shell: Shell }) {
  const why = useSignal(shell.why);
  return (
    <div role="status">
      <Notice
        icon="offline"
        tone="bad"
        acts={<Button says="Reload" icon="reload" look="edged" onClick={() => shell.reload()} />}
      >
        {why || "The server can't be reached."} This page tries again by itself; if this lasts, reload it.{" "}
        {KEPT}
      </Notice>
    </div>
  );
}

/** The kernel behind the page was ended: one key begins a new page at the same place. */
export function Asleep({ shell }: { shell: Shell }) {
  return (
    <Dialog title="This page fell asleep" class="lw-a-asleep" onClose={() => {}}>
      <div class="lw-ask">
        <Icon name="pause" />
        <h2>This page fell asleep</h2>
        <p class="lw-muted">
          The server has ended it, as it does with pages that nobody uses for a while, and when it is started
          anew. {KEPT}
        </p>
        <Button says="Go on" keys="Enter" look="first" onClick={() => shell.reload()} />
      </div>
    </Dialog>
  );
}
