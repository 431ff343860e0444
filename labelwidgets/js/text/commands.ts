/** What the keys do on a text: everything a pointer can, without one. */

import { untilReleased } from "../core/held.ts";
import type { Run } from "../core/keymap.ts";
import type { Scope } from "../core/scope.ts";
import type { Cell } from "../core/signal.ts";
import type { Board, SpanDesk } from "./board.ts";
import type { Caret } from "./caret.ts";
import type { Finder } from "./finder.ts";
import type { Edge } from "./over.ts";
import type { Page } from "./page.ts";
import { reshaped } from "./spans.ts";

export interface Surroundings {
  readonly desk: SpanDesk;
  readonly board: Board;
  readonly caret: Caret;
  readonly page: Page;
  readonly finder: Finder;
  readonly scope: Scope;
  /** What the pointer selects gets its label at once. */
  readonly atOnce: Cell<boolean>;
  readonly signs: Cell<boolean>;
  readonly visible: Cell<boolean>;
  /** Ends the running gesture as if it had not been; false when there is none. */
  cancel(): boolean;
  /** Tells screen readers. */
  say(words: string): void;
  /** Tells everybody: what was wanted could not be done, or what it came to. */
  tell(words: string): void;
  /** Brings the focus to where an entry is chosen; false where there is none. */
  goToLink(): boolean;
}

const STEP = 1.15;
const SIZES = [11, 40] as const;
const SIZE = 16;

/** Binds the commands until the scope ends. */
export function bindCommands(around: Surroundings): void {
  const { desk, scope, board } = around;
  const runs: [string, Run][] = [...viewCommands(around), ...caretCommands(around)];
  if (board.fields.length > 0) runs.push(...spanCommands(around));
  const switches: Record<string, Cell<boolean>> = {
    "at-once": around.atOnce,
    invisible: around.signs,
  };
  for (const [id, run] of runs) scope.own(desk.keymap.bind(id, run, switches[id] ?? null));
}

const always = (act: () => void) => (): boolean => {
  act();
  return true;
};

function viewCommands(around: Surroundings): [string, Run][] {
  const { page, finder, caret, board, signs, say } = around;
  const zoom = (size: number) =>
    always(() => {
      page.size = Math.max(SIZES[0], Math.min(SIZES[1], Math.round(size)));
    });
  const larger = (by: number) => always(() => zoom(by > 1 ? Math.ceil(page.size * by) : page.size * by)());
  return [
    ["zoom-in", larger(STEP)],
    ["zoom-out", larger(1 / STEP)],
    ["actual-size", zoom(SIZE)],
    [
      "invisible",
      always(() => {
        signs.set(!signs.value);
        say(`Invisible signs ${signs.value ? "shown" : "hidden"}`);
      }),
    ],
    [
      "find-text",
      (event) => {
        // In a short text the browser's own search finds everything; the button is there for all.
        if (event && !board.doc.isLong) return false;
        finder.open();
        return true;
      },
    ],
    ["leave", () => around.cancel() || endRelating(around) || leave(around) || empty(caret)],
  ];
}

function endRelating({ board, page, say }: Surroundings): boolean {
  const was = board.ties.from !== null;
  board.ties.from = null;
  if (was) {
    page.repaint(null);
    say("No relation");
  }
  return was;
}

function leave({ desk, board, caret }: Surroundings): boolean {
  const [span] = board.selected;
  if (!span && board.ties.selected.length === 0) return false;
  desk.selection.clear();
  if (span) caret.place(span.start);
  return true;
}

function empty(caret: Caret): boolean {
  const was = caret.isEmpty;
  if (!was) caret.collapse();
  return !was;
}

function caretCommands(around: Surroundings): [string, Run][] {
  const { caret, desk, page } = around;
  const { mac } = desk.keymap;
  const moved = (move: (extend: boolean) => void): Run => {
    return (event) => {
      move(event?.shiftKey === true);
      afterMove(around);
      return true;
    };
  };
  const side = (way: "left" | "right", by: "step" | "word") =>
    moved((extend) => caret.sideways(way, by, extend));
  const edge = (which: "start" | "end") => moved((extend) => caret.edge(which, extend));
  const end = (unit: () => number) =>
    moved((extend) => (extend ? caret.set(caret.ends.value.anchor, unit()) : caret.place(unit())));
  const changed = (did: boolean): boolean => {
    if (did) afterMove(around);
    return did;
  };
  return [
    ["caret-left", side("left", "step")],
    ["caret-right", side("right", "step")],
    ["caret-up", moved((extend) => caret.vertical(-1, extend))],
    ["caret-down", moved((extend) => caret.vertical(1, extend))],
    // On macOS Cmd goes to the ends of the line; a word is gone by Option, see `edges`.
    ["word-left", mac ? edge("start") : side("left", "word")],
    ["word-right", mac ? edge("end") : side("right", "word")],
    ["line-start", edge("start")],
    ["line-end", edge("end")],
    ["text-start", end(() => 0)],
    ["text-end", end(() => page.doc.text.length)],
    ["grow", () => changed(caret.grow(growFrom(around)))],
    ["shrink", () => changed(caret.shrink()) || true],
  ];
}

/** From the selection, else from the span that is selected. */
function growFrom({ caret, board }: Surroundings) {
  const [span, ...more] = board.selected;
  const around = caret.isEmpty && span && more.length === 0;
  return around ? ([span.start, span.end] as const) : caret.live;
}

/** Moving away leaves the selected spans; what one comes to is read out. */
function afterMove({ caret, board, page, desk, say }: Surroundings): void {
  if (desk.selection.ids.value.size > 0) board.select([]);
  const { focus } = caret.ends.value;
  page.reveal([focus, focus]);
  const { edges, text } = board.doc;
  const [start, end] = caret.live;
  const here = text.slice(focus, edges.next(focus));
  const said = caret.isEmpty ? spoken(here) : `“${text.slice(start, end).slice(0, 200)}” selected`;
  const inside = board.at(focus).filter((span) => span.start <= focus && focus < span.end);
  say([said, ...inside.map((span) => `in ${board.look(span).title}`)].join(", "));
}

function spoken(character: string): string {
  if (character === "") return "End";
  if (/[\n\r]/.test(character)) return "New line";
  return character.trim() === "" ? "Blank" : character;
}

function spanCommands(around: Surroundings): [string, Run][] {
  const { board, caret, say, tell, desk, atOnce, visible } = around;
  const withLive = (act: () => string): Run => {
    return () => {
      if (!board.editable) return false;
      tell(act());
      return true;
    };
  };
  return [
    [
      "mark",
      withLive(() => {
        const said = markLive(around);
        if (said === "") tagNext(around);
        return said;
      }),
    ],
    [
      "at-once",
      always(() => {
        atOnce.set(!atOnce.value);
        say(
          atOnce.value ? "What the pointer selects is labeled at once" : "What is selected waits for a label",
        );
      }),
    ],
    ["everywhere", withLive(() => board.everywhere(caret.isEmpty ? null : caret.live))],
    [
      "join",
      withLive(() => {
        const said = board.join(caret.live);
        if (!caret.isEmpty && board.selected.length > 0) caret.collapse();
        return said;
      }),
    ],
    ["link", () => board.selected.length > 0 && around.goToLink()],
    [
      "no-answer",
      () => {
        const field = board.field;
        const did = board.toggleNoAnswer();
        if (did && field)
          say(desk.answer.value(field.name) === null ? "Not answered" : "No answer in the text");
        return did;
      },
    ],
    ["next", () => goto(around, 1)],
    ["previous", () => goto(around, -1)],
    ["select-all", () => selectAll(around)],
    ["delete", () => remove(around)],
    ["accept", () => decide(around, true)],
    ["reject", () => decide(around, false)],
    [
      "hide",
      always(() => {
        visible.set(!visible.value);
        say(`Spans ${visible.value ? "shown" : "hidden"}`);
      }),
    ],
    ["end-left", edgeMoved(around, "end", "left")],
    ["end-right", edgeMoved(around, "end", "right")],
    ["start-left", edgeMoved(around, "start", "left")],
    ["start-right", edgeMoved(around, "start", "right")],
  ];
}

/** Labels what is selected; returns what is to be told when that was not possible. */
export function markLive({ board, caret, say }: Surroundings, label?: string): string {
  const { live } = caret;
  if (live[0] >= live[1]) return "Select text first: Shift and an arrow key, or the pointer.";
  const [before, was] = [board.size, board.over(live)];
  const said = board.mark(live, label);
  if (board.size === before && board.over(live) === was) return said;
  if (!board.isTagging) caret.collapse(live[1]);
  say(said);
  return "";
}

/** The token that comes next is what the next key labels. */
export function tagNext({ board, caret, page, say }: Surroundings): void {
  if (!board.isTagging || board.doc.edges.word(caret.live[0])[1] !== caret.live[1]) return;
  board.select([]);
  if (!caret.stepToken(1)) return;
  page.reveal(caret.live);
  say(board.textOf([caret.live]));
}

/** From relation to relation, in the order of the list. */
function gotoTie({ board, say }: Surroundings, way: 1 | -1): boolean {
  const all = board.ties.all;
  const now = all.findIndex(({ key }) => board.isSelected(key));
  const tie = all[(now + way + all.length) % all.length];
  if (now < 0 || !tie) return false;
  say(`${board.ties.select(tie)}. ${all.indexOf(tie) + 1} of ${all.length}`);
  return true;
}

/** In reading order, suggestions among the others; from the caret when none is selected. */
function goto(around: Surroundings, way: 1 | -1): boolean {
  if (gotoTie(around, way)) return true;
  const { board, caret, page, say } = around;
  const list = board.listed;
  if (list.length === 0) return false;
  const now = list.findIndex(({ key }) => board.isSelected(key));
  const { anchor, focus } = caret.ends.value;
  const here = Math.min(anchor, focus);
  const after = list.findIndex(({ start }) => start >= here);
  const from = way > 0 ? Math.max(after, 0) : (after < 0 ? list.length : after) - 1;
  const at = (now < 0 ? from : now + way) + list.length;
  const span = list[at % list.length];
  if (!span) return false;
  board.select([span]);
  caret.collapse(span.start);
  page.reveal([span.start, span.end]);
  say(`${board.wordsOf(span)}. ${(at % list.length) + 1} of ${list.length}`);
  return true;
}

function selectAll({ board, desk, say }: Surroundings): boolean {
  const field = board.field?.name;
  const ids = field === undefined ? [] : desk.answer.regions(field).map(({ id }) => id);
  if (field === undefined || ids.length === 0) return false;
  desk.selection.setField(field);
  desk.selection.select(ids);
  say(`${ids.length} selected`);
  return true;
}

function remove({ board, caret, say }: Surroundings): boolean {
  const tagged = board.isTagging && board.selected.length === 0 ? board.over(caret.live) : null;
  if (tagged) board.select([tagged]);
  const [first] = board.selected;
  const count = board.remove();
  if (first && count > 0) caret.place(first.start);
  if (count > 0) say(`${count} deleted`);
  return count > 0;
}

function decide({ board, page, say }: Surroundings, taken: boolean): boolean {
  if (!board.decide(taken)) return false;
  const [next] = board.selected;
  if (next) page.reveal([next.start, next.end]);
  say(`${taken ? "Accepted" : "Rejected"}. ${next ? board.wordsOf(next) : "No more suggestions"}`);
  return true;
}

/** Moves an edge of the selected span by a character, or by what spans are made of; a held key is one step of undo. */
function edgeMoved(around: Surroundings, edge: Edge, way: "left" | "right"): Run {
  const { board, caret, desk, scope, page, tell, say } = around;
  let end: (() => void) | null = null;
  return (event) => {
    const [span, ...more] = board.selected;
    if (!span || more.length > 0) {
      // Option and an arrow go by words on macOS; elsewhere the browser would leave the page.
      if (desk.keymap.mac && edge === "end") caret.sideways(way, "word", false);
      return true;
    }
    if (!board.editable) return true;
    end ??= untilReleased(desk.answer, scope, () => {
      end = null;
    });
    const unit = stepped(around, edge === "start" ? span.start : span.end, edge, way);
    const said = board.reshape(
      span,
      reshaped(span.parts, edge, unit, (range) => board.snapped(range)),
    );
    const [now] = board.selected;
    if (now && now !== span) {
      say(board.wordsOf(now));
      page.reveal(edge === "start" ? [now.start, now.start] : [now.end, now.end]);
    } else tell(said);
    // A button has no release.
    if (!event) end();
    return true;
  };
}

function stepped({ board }: Surroundings, unit: number, edge: Edge, way: "left" | "right"): number {
  const { edges, blocks } = board.doc;
  const rtl = edge === "end" && blocks.direction(blocks.at(unit)) === "rtl";
  const forward = (way === "right") !== rtl;
  if ((board.field?.granularity ?? "character") === "character")
    return forward ? edges.next(unit) : edges.previous(unit);
  if (edge === "start") return forward ? edges.stepOn(unit, false) : edges.stepBack(unit);
  return forward ? edges.stepOn(unit, true) : edges.endBefore(unit);
}
