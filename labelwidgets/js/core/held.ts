/** A key that is held down is one gesture: what it does is undone in one step. */
import type { Answer } from "./annotations.ts";
import type { Scope } from "./scope.ts";

/** Opens a gesture that ends with the release of the key; returns a function that ends it early. */
export function untilReleased(answer: Answer, scope: Scope, ended: () => void): () => void {
  answer.begin();
  const all: (() => void)[] = [];
  const end = () => {
    for (const stop of all.splice(0)) stop();
  };
  all.push(
    scope.listen(window, "keyup", end, { capture: true }),
    scope.listen(window, "blur", end),
    scope.own(() => {
      answer.end();
      ended();
    }),
  );
  return end;
}
