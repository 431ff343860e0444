/** Opens a desk on a host's model: what each widget's entry calls first. */
import { type AfmModel, hostOf, type Inbox } from "./model.ts";
import { scopeOf } from "./scope.ts";
import { WorkDesk } from "./workdesk.ts";

/**
 * The desk of one view. Everything it starts ends with `signal`. Throws with a sentence for people when the
 * kernel's state can't be used.
 */
export function openDesk(model: AfmModel, el: HTMLElement, inbox: Inbox, signal: AbortSignal): WorkDesk {
  const scope = scopeOf(signal);
  const desk = new WorkDesk(hostOf(model, inbox, scope), scope);
  desk.watch(el);
  desk.open();
  return desk;
}
