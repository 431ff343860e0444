/** Where arcs run above the tokens of lines: how high each is, and where it meets its tokens. */

/** An arc between tokens, by their places; without a source it is a root's. */
export interface Arc {
  readonly key: string;
  readonly from: number | null;
  readonly to: number;
  /** Width of its word in pixels. */
  readonly width: number;
}

/** Where a token lies in its sentence, in pixels. */
export interface Spot {
  readonly line: number;
  readonly left: number;
  readonly width: number;
}

/** What is drawn of an arc in one line. */
export interface Bow {
  readonly key: string;
  readonly line: number;
  /** From left to right; a root's has no width. */
  readonly left: number;
  readonly right: number;
  /** From 1, the lowest. */
  readonly level: number;
  /** Where it comes down: to a token, or out of the line. */
  readonly ends: readonly [left: End, right: End];
  /** Middle of its word. */
  readonly word: number;
}

/** An arrow points at the dependent; "out" goes on in another line. */
export type End = "arrow" | "plain" | "out";

/** Pixels between arcs that meet one token. */
export const STEP = 7;

interface Piece {
  readonly arc: Arc;
  readonly line: number;
  /** Tokens at its ends, null where it leaves the line. */
  readonly tokens: readonly [left: number | null, right: number | null];
  readonly ends: readonly [End, End];
  readonly left: number;
  readonly right: number;
}

/** Every piece of every arc; `width` is the sentence's. */
export function bowsOf(
  arcs: readonly Arc[],
  spots: ReadonlyMap<number, Spot>,
  width: number,
  rtl: boolean,
): Bow[] {
  const pieces = arcs.flatMap((arc) => piecesOf(arc, spots, width, rtl));
  const shortest = [...pieces].sort((a, b) => a.right - a.left - (b.right - b.left));
  const roots = shortest.filter(({ arc }) => arc.from === null);
  // A root's mark stands above all that begins or ends there.
  const ordered = [...shortest.filter(({ arc }) => arc.from !== null), ...roots];
  const placed: { bow: Bow; piece: Piece; span: readonly [number, number] }[] = [];
  for (const piece of ordered) {
    const middle = Math.max(piece.arc.width / 2, Math.min(width - piece.arc.width / 2, centre(piece)));
    const span = [
      Math.min(piece.left, middle - piece.arc.width / 2),
      Math.max(piece.right, middle + piece.arc.width / 2),
    ] as const;
    const under = placed.filter(
      (other) => other.bow.line === piece.line && other.span[0] < span[1] && other.span[1] > span[0],
    );
    const level = 1 + Math.max(0, ...under.map(({ bow }) => bow.level));
    const { line, left, right, ends } = piece;
    placed.push({ bow: { key: piece.arc.key, line, left, right, level, ends, word: middle }, piece, span });
  }
  return spread(placed, spots);
}

function centre({ left, right }: Piece): number {
  return (left + right) / 2;
}

function piecesOf(arc: Arc, spots: ReadonlyMap<number, Spot>, width: number, rtl: boolean): Piece[] {
  const to = spots.get(arc.to);
  if (!to) return [];
  const at = (spot: Spot) => spot.left + spot.width / 2;
  if (arc.from === null) {
    const x = at(to);
    return [{ arc, line: to.line, tokens: [arc.to, null], ends: ["arrow", "out"], left: x, right: x }];
  }
  const from = spots.get(arc.from);
  if (!from) return [];
  if (from.line === to.line) return [whole(arc, [arc.from, at(from)], [arc.to, at(to)], to.line)];
  // The earlier token's piece leaves its line where lines end, the other one comes in where they begin.
  return ([arc.from, arc.to] as const).map((token) => {
    const spot = token === arc.to ? to : from;
    const early = token === Math.min(arc.from as number, arc.to);
    const toRight = early !== rtl;
    const end: End = token === arc.to ? "arrow" : "plain";
    return {
      arc,
      line: spot.line,
      tokens: toRight ? [token, null] : [null, token],
      ends: toRight ? [end, "out"] : ["out", end],
      left: toRight ? at(spot) : 0,
      right: toRight ? width : at(spot),
    };
  });
}

function whole(arc: Arc, from: [number, number], to: [number, number], line: number): Piece {
  const forward = from[1] <= to[1];
  const [left, right] = forward ? [from, to] : [to, from];
  return {
    arc,
    line,
    tokens: [left[0], right[0]],
    ends: forward ? ["plain", "arrow"] : ["arrow", "plain"],
    left: left[1],
    right: right[1],
  };
}

/** Arcs that meet one token come down side by side, the lower the further out, so that none crosses another. */
function spread(placed: readonly { bow: Bow; piece: Piece }[], spots: ReadonlyMap<number, Spot>): Bow[] {
  const meeting = new Map<string, { level: number; at: number }[]>();
  placed.forEach(({ bow, piece }, at) => {
    if (piece.arc.from === null) return;
    piece.tokens.forEach((token, side) => {
      if (token === null) return;
      const key = `${token} ${side}`;
      const there = meeting.get(key);
      if (there) there.push({ level: bow.level, at });
      else meeting.set(key, [{ level: bow.level, at }]);
    });
  });
  const bows = placed.map(({ bow }) => ({ ...bow }));
  for (const [key, ends] of meeting) {
    const [token = 0, side] = key.split(" ").map(Number);
    const room = (spots.get(token)?.width ?? 0) / 2 - 3;
    const step = Math.min(STEP, room / (ends.length + 0.5));
    ends.sort((a, b) => b.level - a.level);
    ends.forEach(({ at }, i) => {
      const bow = bows[at] as { left: number; right: number };
      if (side === 0) bow.left += step * (i + 0.5);
      else bow.right -= step * (i + 0.5);
    });
  }
  return bows;
}
