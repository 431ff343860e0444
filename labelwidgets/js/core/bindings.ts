/** Commands that every widget has, bound to its desk; surfaces and panels bind theirs on top. */
import type { Desk } from "./desk.ts";

export function bindKeys(desk: Desk): void {
  const bind = (id: string, run: () => boolean) => desk.keymap.bind(id, run);
  // Done even when something is missing: what, the desk has said.
  bind("submit", () => desk.submit() || true);
  bind("skip", () => desk.state.value.options.skip_reasons.length === 0 && desk.skip(""));
  bind("back", () => desk.back());
  bind("undo", () => desk.undo());
  bind("redo", () => desk.redo());
  bind("accept", () => desk.acceptPrediction());
  bind("reject", () => desk.rejectPrediction());
  bind("unsure", () => toggleUnsure(desk));
  bind("flag", () => toggleFlag(desk));
  desk.keymap.onLabel((targets) => {
    const target = targets.find(({ field }) => field === desk.selection.field.value) ?? targets[0];
    if (target) desk.pick(target);
  });
}

function toggleUnsure(desk: Desk): boolean {
  if (!desk.state.value.options.confidence || desk.phase.value !== "working") return false;
  desk.setConfidence(desk.confidence.value === "unsure" ? null : "unsure");
  return true;
}

function toggleFlag(desk: Desk): boolean {
  const task = desk.task.value;
  if (task) desk.flag(!task.push.flagged);
  return task !== null;
}
