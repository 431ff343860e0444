/** A desk on which one example lies, to be looked at: nothing is kept, nothing is sent. */
import type { Desk } from "./desk.ts";
import type { Host } from "./model.ts";
import type { Act, ExampleJson, Push, Reply, State } from "./protocol.ts";
import type { Shelf } from "./shelf.ts";
import { WorkDesk } from "./workdesk.ts";

const NOWHERE: Shelf = {
  load: async () => ({ acts: [], drafts: [] }),
  write: async () => {},
};

/** Ends with the desk it is shown beside, whose media it may ask for. */
export function showCase({ scope, state, media }: Desk, { task }: ExampleJson): Desk {
  const shown: State = { ...state.value, mode: "view", session: `${state.value.session}/example/${task.id}` };
  let deliver: (reply: Reply, buffers: readonly Uint8Array[]) => void = () => {};
  const push: Push = { kind: "push", tasks: [task], left: 0 };
  const host: Host = {
    get: (trait) => (trait === "state" ? shown : null),
    onTrait() {},
    onMessage: (fn) => {
      deliver = fn;
    },
    send({ kind, id }: Act) {
      if (kind === "hello") deliver(push, []);
      deliver({ kind: "ack", id }, []);
      return true;
    },
  };
  const desk = new WorkDesk(host, scope.child(), { disk: NOWHERE, media });
  desk.open();
  return desk;
}
