/** The people's side of a gallery: captions, focus, keys and clicks over the canvas that Python draws. */
import type { AfmModel } from "../core/model.ts";
import { type Scope, scopeOf } from "../core/scope.ts";

interface Chip {
  text: string;
  /** "#rrggbb", or "" for words that are no label. */
  color: string;
}

interface Tile {
  /** Which answer it is, for messages. */
  key: string;
  name: string;
  who: string;
  chips: Chip[];
  /** What else is to be known: "skipped", "unsure", ... */
  marks: string[];
  state: string;
  /** The item's first lines, where the item is text. */
  text: string;
  /** What stands in the place of a picture that there is not, and why. */
  missing: string;
  reason: string;
}

/** The kernel-owned trait `sheet`. Lengths are CSS pixels; Python draws by the same numbers. */
interface Sheet {
  title: string;
  columns: number;
  cell: number;
  caption: number;
  gap: number;
  margin: number;
  tiles: Tile[];
  /** Key of the tile whose item is open. */
  opened: string;
  /** What stands there when there are no tiles. */
  empty: { says: string; more: string } | null;
  /** For the live region. */
  said: string;
}

interface Shown {
  json: string;
  node: HTMLElement;
}

interface Props {
  model: AfmModel;
  el: HTMLElement;
  signal?: AbortSignal;
}

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const SETTLED_MS = 150;
const TRIES = 40;
/** A hidden tab has no width. */
const NARROWEST = 40;

let count = 0;

class SheetView {
  readonly #model: AfmModel;
  readonly #scope: Scope;
  readonly #root = make("div", "lw-sheet");
  readonly #list = make("div", "lw-sheet-tiles");
  readonly #empty = make("div", "lw-sheet-empty");
  readonly #said = make("div", "lw-sheet-unseen");
  readonly #prefix = `lw-sheet-${++count}`;
  #shown = new Map<string, Shown>();
  #sheet: Sheet;
  #active = "";
  #width = 0;
  #waiting: (() => void) | null = null;

  constructor(model: AfmModel, el: HTMLElement, scope: Scope) {
    this.#model = model;
    this.#scope = scope;
    this.#sheet = model.get("sheet") as Sheet;
    this.#list.tabIndex = 0;
    this.#list.setAttribute("role", "listbox");
    this.#said.setAttribute("role", "status");
    this.#root.append(this.#list, this.#empty, this.#said);
    el.append(this.#root);
    const changed = () => this.#change();
    model.on("change:sheet", changed);
    scope.own(() => model.off("change:sheet", changed));
    scope.own(() => this.#root.remove());
    scope.listen(this.#list, "keydown", (event) => this.#key(event));
    scope.listen(this.#list, "click", (event) => this.#click(event));
    scope.observeResize(this.#root, ({ contentRect }) => this.#resized(contentRect.width));
    this.#change();
    this.#stillCanvas(TRIES);
  }

  get #tiles(): Tile[] {
    return this.#sheet.tiles ?? [];
  }

  #change(): void {
    const before = this.#sheet;
    this.#sheet = this.#model.get("sheet") as Sheet;
    const { title, columns, cell, caption, gap, margin, opened, empty, said } = this.#sheet;
    const { style } = this.#list;
    style.setProperty("--lw-columns", String(columns));
    for (const [name, px] of Object.entries({ cell, caption, gap, margin }))
      style.setProperty(`--lw-${name}`, `${px}px`);
    this.#list.setAttribute("aria-label", title);
    this.#list.hidden = this.#tiles.length === 0;
    this.#layTiles();
    this.#empty.hidden = empty === null;
    if (empty) this.#empty.replaceChildren(make("h2", "", empty.says), make("p", "", empty.more));
    if (this.#said.textContent !== said) this.#said.textContent = said;
    this.#activate(opened && opened !== before.opened ? opened : this.#active, opened !== before.opened);
  }

  /** Keeps the nodes of tiles that did not change. */
  #layTiles(): void {
    const shown = new Map<string, Shown>();
    for (const tile of this.#tiles) {
      const json = JSON.stringify(tile);
      const known = this.#shown.get(tile.key);
      shown.set(tile.key, known?.json === json ? known : { json, node: tileNode(tile) });
    }
    this.#shown = shown;
    const nodes = [...shown.values()].map(({ node }) => node);
    nodes.forEach((node, n) => {
      node.id = `${this.#prefix}-${n}`;
      node.setAttribute("aria-setsize", String(nodes.length));
      node.setAttribute("aria-posinset", String(n + 1));
    });
    this.#list.replaceChildren(...nodes);
    for (const [key, { node }] of shown)
      node.setAttribute("aria-selected", String(key === this.#sheet.opened));
  }

  #activate(key: string, reveal: boolean): void {
    this.#shown.get(this.#active)?.node.classList.remove("lw-active");
    this.#active = this.#shown.has(key) ? key : (this.#tiles[0]?.key ?? "");
    const node = this.#shown.get(this.#active)?.node;
    if (!node) {
      this.#list.removeAttribute("aria-activedescendant");
      return;
    }
    node.classList.add("lw-active");
    this.#list.setAttribute("aria-activedescendant", node.id);
    if (reveal) node.scrollIntoView({ block: "nearest" });
  }

  #key(event: KeyboardEvent): void {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (!plain || this.#tiles.length === 0) return;
    const to = this.#step(event.key);
    if (to !== null) this.#activate(this.#tiles[to]?.key ?? "", true);
    else if (event.key === "Enter" || event.key === " ") this.#open(this.#active);
    // A letter is for nobody here, least of all for a notebook that would insert or delete a cell.
    else if (event.key.length > 1) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Number of the tile that a key leads to; null for a key that leads nowhere. */
  #step(key: string): number | null {
    const here = this.#tiles.findIndex((tile) => tile.key === this.#active);
    const last = this.#tiles.length - 1;
    const { columns } = this.#sheet;
    const steps: Record<string, number> = {
      ArrowRight: here + 1,
      ArrowLeft: here - 1,
      ArrowDown: here + columns > last ? here : here + columns,
      ArrowUp: here < columns ? here : here - columns,
      PageDown: here + 3 * columns,
      PageUp: here - 3 * columns,
      Home: 0,
      End: last,
    };
    const to = steps[key];
    return to === undefined ? null : Math.min(Math.max(to, 0), last);
  }

  #click(event: Event): void {
    const node = (event.target as Element).closest(".lw-sheet-tile");
    for (const [key, shown] of this.#shown) {
      if (shown.node !== node) continue;
      this.#activate(key, false);
      this.#open(key);
    }
  }

  #open(key: string): void {
    this.#model.send({ kind: "open", key });
  }

  #resized(width: number): void {
    const whole = Math.floor(width);
    if (whole < NARROWEST || whole === this.#width) return;
    const first = this.#width === 0;
    this.#width = whole;
    this.#waiting?.();
    if (first) this.#measure(true);
    else this.#waiting = this.#scope.timeout(() => this.#measure(false), SETTLED_MS);
  }

  /** `blank`: this view has just come, so what was drawn before is not in its page. */
  #measure(blank: boolean): void {
    this.#model.send({ kind: "size", width: this.#width, ratio: globalThis.devicePixelRatio || 1, blank });
  }

  /** The canvas is pixels only: its own view would swallow the wheel, touches and every key, Tab included. */
  #stillCanvas(tries: number): void {
    const canvas = this.#root.closest(".lw-gallery-stage")?.querySelector("canvas");
    if (canvas) {
      canvas.inert = true;
      canvas.removeAttribute("tabindex");
      canvas.setAttribute("aria-hidden", "true");
    } else if (tries > 0) this.#scope.timeout(() => this.#stillCanvas(tries - 1), SETTLED_MS);
  }
}

function tileNode({ name, who, chips, marks, state, text, missing, reason }: Tile): HTMLElement {
  const node = make("div", "lw-sheet-tile");
  node.setAttribute("role", "option");
  node.dataset.state = state;
  const said = [name, ...chips.map((chip) => chip.text), ...marks, who, missing, reason].filter(Boolean);
  node.title = said.join("\n");
  const face = make("div", "lw-sheet-face");
  if (missing) face.append(make("span", "lw-sheet-missing", missing));
  else if (text) face.append(make("span", "lw-sheet-text", text));
  const words = make("div", "lw-sheet-words");
  // The blanks are for those who hear the words one after the other.
  words.append(...chips.flatMap((chip) => [chipNode(chip), " "]));
  const small = make("div", "lw-sheet-who");
  small.append(...marks.flatMap((mark) => [make("span", "lw-sheet-mark", mark), " "]), who);
  node.append(make("span", "lw-sheet-unseen", name), face, words, small);
  return node;
}

function chipNode({ text, color }: Chip): HTMLElement {
  const chip = make("span", "lw-sheet-chip", text);
  chip.dir = "auto";
  if (HEX.test(color)) {
    chip.style.setProperty("--lw-color", color);
    chip.classList.add("lw-colored");
  }
  return chip;
}

function make(tag: string, name: string, text = ""): HTMLElement {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.textContent = text;
  return node;
}

export default {
  render({ model, el, signal }: Props): () => void {
    const ended = new AbortController();
    const scope = scopeOf(signal ? AbortSignal.any([signal, ended.signal]) : ended.signal);
    new SheetView(model, el, scope);
    return () => ended.abort();
  },
};
