/** What the keys do on tagged tokens: everything a pointer can, without one. */

import type { Run } from "../core/keymap.ts";
import type { TokenSurface } from "./surface.ts";

const [SMALLEST, USUAL, LARGEST] = [11, 16, 32];

/** Binds the commands until the surface ends. */
export function bindCommands(here: TokenSurface): void {
  const { desk, scope } = here;
  const runs: [string, Run][] = [...moves(here), ...acts(here), ...sizes(here)];
  if (here.board.ties.fields.length > 0) runs.push(["arc-from", () => toggle(here)]);
  for (const [id, run] of runs) scope.own(desk.keymap.bind(id, run));
}

const always = (act: () => void) => (): boolean => {
  act();
  return true;
};

function moves(here: TokenSurface): [string, Run][] {
  const { tree } = here;
  const sentence = () => {
    const number = tree.token(here.at)?.sentence;
    let [first, last] = [here.at, here.at];
    while (tree.token(first - 1)?.sentence === number && first > 0) first -= 1;
    while (tree.token(last + 1)?.sentence === number) last += 1;
    return [first, last] as const;
  };
  const side = (way: 1 | -1) => always(() => here.go(here.at + (here.isRtl ? -way : way)));
  return [
    ["caret-left", side(-1)],
    ["caret-right", side(1)],
    ["word-left", side(-1)],
    ["word-right", side(1)],
    ["caret-up", (event) => (event?.shiftKey ? toHead(here) : line(here, -1))],
    ["caret-down", (event) => (event?.shiftKey ? toDependent(here) : line(here, 1))],
    ["line-start", always(() => here.go(sentence()[0]))],
    ["line-end", always(() => here.go(sentence()[1]))],
    ["text-start", always(() => here.go(0))],
    ["text-end", always(() => here.go(tree.size - 1))],
    ["token-open", () => here.nextOpen()],
    ["next", () => next(here, 1)],
    ["previous", () => next(here, -1)],
  ];
}

function line(here: TokenSurface, way: 1 | -1): boolean {
  here.go(here.view.beside(here.at, way));
  return true;
}

/** Selects the arc that leads here; once more goes to where it comes from. */
function toHead(here: TokenSurface): boolean {
  const { tree, board } = here;
  const [selected] = board.ties.selected;
  const head = selected ? tree.ends(selected)[0] : undefined;
  if (head !== undefined && head >= 0) return here.go(head);
  const { to } = tree.around(here.at);
  if (to) here.say(board.ties.select(to));
  else here.tell("No arc leads to this token.");
  return true;
}

/** From the selected arc back to its dependent; else to the first token that depends on this one. */
function toDependent(here: TokenSurface): boolean {
  const { tree, board } = here;
  const tie = board.ties.selected[0] ?? tree.around(here.at).from[0];
  const to = tie && tree.ends(tie).at(-1);
  if (to !== undefined && to >= 0) return here.go(to);
  here.tell("No arc leads from this token.");
  return true;
}

/** From arc to arc when one is selected, else from tag to tag. */
function next(here: TokenSurface, way: 1 | -1): boolean {
  const { board, tree } = here;
  const arcs = board.ties.all;
  const now = arcs.findIndex(({ key }) => board.isSelected(key));
  const tie = arcs[(now + way + arcs.length) % arcs.length];
  if (now >= 0 && tie) {
    here.say(board.ties.select(tie));
    return true;
  }
  const places = board.listed.map((span) => tree.placeOf(span)).filter((n) => n >= 0);
  const ordered = way > 0 ? places : places.reverse();
  const after = ordered.find((n) => (n - here.at) * way > 0) ?? ordered[0];
  return after !== undefined && here.go(after);
}

function toggle(here: TokenSurface): boolean {
  if (!here.drop()) here.begin(here.at);
  return true;
}

function acts(here: TokenSurface): [string, Run][] {
  return [
    ["delete", () => remove(here)],
    ["accept", () => decide(here, true)],
    ["reject", () => decide(here, false)],
    ["leave", () => here.drop() || deselect(here)],
  ];
}

/** Deletes the selected arc, else the tag of the token. */
function remove(here: TokenSurface): boolean {
  const count = here.board.remove();
  if (count > 0) {
    here.say(`${count} deleted`);
    here.resume();
  }
  return count > 0;
}

function decide(here: TokenSurface, taken: boolean): boolean {
  if (!here.board.decide(taken)) return false;
  const [span] = here.board.selected;
  here.say(`${taken ? "Accepted" : "Rejected"}. ${span ? here.board.wordsOf(span) : "No more suggestions"}`);
  return true;
}

function deselect(here: TokenSurface): boolean {
  if (here.board.ties.selected.length === 0) return false;
  here.resume();
  return true;
}

function sizes({ view }: TokenSurface): [string, Run][] {
  let size = USUAL;
  const to = (pixels: number) =>
    always(() => {
      size = Math.max(SMALLEST, Math.min(LARGEST, pixels));
      view.size = size;
    });
  return [
    ["zoom-in", () => to(size + 2)()],
    ["zoom-out", () => to(size - 2)()],
    ["actual-size", to(USUAL)],
  ];
}
