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
  bind("delete", () => deleteSelected(desk));
  bind("select-all", () => selectAll(desk));
  bind("next", () => selectBeside(desk, 1));
  bind("previous", () => selectBeside(desk, -1));
  bind("leave", () => deselect(desk));
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

function deleteSelected({ answer, phase, selection }: Desk): boolean {
  const field = selection.field.value;
  if (field === null || selection.ids.value.size === 0 || phase.value !== "working") return false;
  answer.remove(field, selection.ids.value);
  return true;
}

function selectAll(desk: Desk): boolean {
  const ids = regionIds(desk);
  desk.selection.select(ids);
  return ids.length > 0;
}

function selectBeside(desk: Desk, step: 1 | -1): boolean {
  const ids = regionIds(desk);
  const at = ids.findIndex((id) => desk.selection.ids.value.has(id));
  const next = ids.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % ids.length);
  if (next !== undefined) desk.selection.select([next]);
  return next !== undefined;
}

function deselect({ selection }: Desk): boolean {
  const { size } = selection.ids.value;
  selection.clear();
  return size > 0;
}

function regionIds({ answer, selection }: Desk): string[] {
  return answer.regions(selection.field.value ?? "").map(({ id }) => id);
}
