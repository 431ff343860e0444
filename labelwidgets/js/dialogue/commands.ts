/** What the keys do on a dialogue: turns by arrows, words by arrows, everything a pointer can. */

import type { Scope } from "../core/scope.ts";
import type { Cell } from "../core/signal.ts";
import type { Board } from "../text/board.ts";
import type { Doc } from "../text/doc.ts";
import type { Placed } from "../text/spans.ts";
import type { Labels, TalkDesk } from "./labels.ts";
import type { Reach } from "./reach.ts";
import type { Said, Talk } from "./talk.ts";

export interface Surroundings {
  readonly desk: TalkDesk;
  readonly scope: Scope;
  readonly board: Board;
  readonly labels: Labels;
  readonly reach: Reach;
  readonly talk: () => Talk;
  readonly at: () => number;
  /** Goes to a turn; false when there is none. */
  go(turn: number): boolean;
  /** Whether the pointer's selection is labeled at once. */
  readonly atOnce: Cell<boolean>;
  mark(): boolean;
  decide(taken: boolean): boolean;
  say(words: string): void;
}

export function bindCommands(around: Surroundings): void {
  const { desk, scope, talk, at, go, board, reach } = around;
  const bind = (id: string, run: (event: KeyboardEvent | null) => boolean) =>
    scope.own(desk.keymap.bind(id, run));
  bind("turn-next", () => go(at() + 1));
  bind("turn-before", () => go(at() - 1));
  bind("turn-first", () => go(0));
  bind("turn-last", () => go(talk().turns.length - 1));
  bind("accept", () => around.decide(true));
  bind("reject", () => around.decide(false));
  bind("delete", () => remove(around));
  bind("leave", () => leave(around));
  bind("next", () => step(around, 1));
  bind("previous", () => step(around, -1));
  bind("mark", () => around.mark());
  if (around.labels.fields.length > 0) bind("turn-open", () => nextOpen(around));
  if (board.fields.length === 0) return;
  bindWords(around, bind);
  scope.own(
    desk.keymap.bind(
      "at-once",
      () => {
        around.atOnce.update((on) => !on);
        around.say(
          around.atOnce.value ? "What you select is labeled at once." : "What you select waits for a label.",
        );
        return true;
      },
      around.atOnce,
    ),
  );
  bind("everywhere", () => {
    const said = board.everywhere(reach.range);
    around.say(said);
    return said !== "";
  });
}

function bindWords(
  { talk, at, reach }: Surroundings,
  bind: (id: string, run: (event: KeyboardEvent | null) => boolean) => void,
): void {
  const turn = () => talk().turns[at()] as Said;
  const edges = () => talk().doc.edges;
  const moves: Record<string, (unit: number) => number> = {
    "caret-left": (unit) => edges().previous(unit),
    "caret-right": (unit) => edges().next(unit),
    "word-left": (unit) => edges().previousWord(unit),
    "word-right": (unit) => wordEnd(talk().doc, unit, turn().end),
  };
  for (const [id, to] of Object.entries(moves))
    bind(id, (event) => {
      if (!turn()) return false;
      reach.move(at(), to, event?.shiftKey ?? false);
      return true;
    });
  bind("grow", () => {
    const { start, end } = turn();
    reach.grow(at(), [(unit) => edges().word(unit), (unit) => edges().sentence(unit), () => [start, end]]);
    return true;
  });
  bind("shrink", () => reach.shrink());
}

/** Where the word ends in which, or before which, a unit lies. */
function wordEnd({ edges, text }: Doc, unit: number, last: number): number {
  let at = unit;
  while (at < last) {
    const [start, end] = edges.word(at);
    if (/[\p{L}\p{N}]/u.test(text.slice(start, end))) return end;
    at = Math.max(end, at + 1);
  }
  return last;
}

/** Deletes the selected spans, else takes the labels off the turn. */
function remove({ board, labels, at, desk, say }: Surroundings): boolean {
  if (desk.phase.value !== "working") return false;
  const spans = board.selected.length > 0 ? board.remove() : 0;
  if (spans > 0) {
    say(spans === 1 ? "Span deleted." : `${spans} spans deleted.`);
    return true;
  }
  const { field } = labels;
  const count = field ? labels.clear(field.name, at()) : 0;
  if (count > 0) say(`Turn ${at() + 1} has no label now.`);
  return count > 0;
}

function leave({ board, reach, desk }: Surroundings): boolean {
  if (reach.stretch.value) reach.clear();
  else if (board.selected.length > 0) desk.selection.clear();
  else return false;
  return true;
}

/** Selects the next span, or goes to the next turn that has something said of it. */
function step({ board, labels, at, go, desk }: Surroundings, by: 1 | -1): boolean {
  const isOfWords = board.fields.some(({ name }) => name === desk.selection.field.value);
  if (isOfWords && board.listed.length > 0) {
    const all = board.listed;
    const now = all.findIndex(({ key }) => board.isSelected(key));
    const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length];
    if (next) board.select([next as Placed]);
    return next !== undefined;
  }
  const turns = [...labels.byTurn().keys()].sort((a, b) => a - b);
  const next = by > 0 ? turns.find((turn) => turn > at()) : turns.filter((turn) => turn < at()).at(-1);
  return next !== undefined && go(next);
}

/** The next turn that is asked about and has no label, from the one on which one is. */
function nextOpen({ labels, at, go, say }: Surroundings): boolean {
  const { field } = labels;
  if (!field) return false;
  const open = labels.asked(field).filter((turn) => labels.of(field.name, turn).length === 0);
  const next = open.find((turn) => turn > at()) ?? open[0];
  if (next === undefined) say("Every turn has a label.");
  return next === undefined || go(next);
}
