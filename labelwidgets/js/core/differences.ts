/** How one text became another, in words: the shortest way of Myers (Algorithmica 1, 1986). */

export interface Change {
  kind: "same" | "added" | "removed";
  text: string;
}

/** More words than this that differ are shown as one piece replaced by another. */
const MOST = 1500;

const WORDS = /[\p{L}\p{N}\p{M}_'’]+|\s+|[^\p{L}\p{N}\p{M}_'’\s]/gu;

/** What is the same, removed and added, in order; joined without the added it is `before`, without the removed `after`. */
export function differences(before: string, after: string): Change[] {
  const [a, b] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []];
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([
    { kind: "same", text: a.slice(0, head).join("") },
    ...middle,
    { kind: "same", text: a.slice(a.length - tail).join("") },
  ]);
}

/** How many words were added and removed. */
export function changed(parts: readonly Change[]): { added: number; removed: number } {
  const words = (kind: Change["kind"]) =>
    parts
      .filter((part) => part.kind === kind)
      .reduce(
        (sum, { text }) => sum + (text.match(WORDS) ?? []).filter((word) => word.trim() !== "").length,
        0,
      );
  return { added: words("added"), removed: words("removed") };
}

function between(a: readonly string[], b: readonly string[]): Change[] {
  const steps = trace(a, b);
  if (steps === null)
    return [
      { kind: "removed", text: a.join("") },
      { kind: "added", text: b.join("") },
    ];
  const found: Change[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = steps.length - 1; d >= 0; d--) {
    const reached = steps[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : (reached.get(fromK) ?? 0);
    const fromY = fromX - fromK;
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0) && a[x - 1] === b[y - 1]) {
      found.push({ kind: "same", text: a[x - 1] as string });
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    if (down) found.push({ kind: "added", text: b[y - 1] as string });
    else found.push({ kind: "removed", text: a[x - 1] as string });
    [x, y] = [fromX, fromY];
  }
  return found.reverse();
}

/** For each number of changes how far one comes on each diagonal before it; null when there are too many. */
function trace(a: readonly string[], b: readonly string[]): Map<number, number>[] | null {
  const steps: Map<number, number>[] = [];
  const far = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(MOST, a.length + b.length); d++) {
    steps.push(new Map(far));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (far.get(k - 1) ?? -1) < (far.get(k + 1) ?? -1));
      let x = down ? (far.get(k + 1) ?? 0) : (far.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      far.set(k, x);
      if (x >= a.length && y >= b.length) return steps;
    }
    // Copies of all diagonals: what is long and all different would take the memory of the page.
    if (d * d > 4_000_000) return null;
  }
  return null;
}

/** Neighbours of one kind as one piece; of a change what is removed stands first. */
function joined(parts: readonly Change[]): Change[] {
  const made: Change[] = [];
  let [removed, added] = ["", ""];
  const flush = () => {
    if (removed) made.push({ kind: "removed", text: removed });
    if (added) made.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = made.at(-1);
      if (last?.kind === "same") last.text += text;
      else made.push({ kind: "same", text });
    }
  }
  flush();
  return made;
}
