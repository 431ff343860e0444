/** The text surface: what happens on the desk and under the pointer, brought to the page of the text. */

import type { DeskTask } from "../core/desk.ts";
import type { Scope } from "../core/scope.ts";
import { Cell } from "../core/signal.ts";
import { Board, type Relate, type SpanDesk } from "./board.ts";
import { Caret } from "./caret.ts";
import { bindCommands, markLive, type Surroundings, tagNext } from "./commands.ts";
import { type Doc, docOf, textOf } from "./doc.ts";
import type { Range } from "./edges.ts";
import { Finder } from "./finder.ts";
import { Marks } from "./marks.ts";
import { Over } from "./over.ts";
import { Page } from "./page.ts";
import { PointerInput } from "./pointer.ts";
import type { Placed } from "./spans.ts";

export interface SurfaceHandle {
  focus(): void;
}

/** Shows the desk's text and its spans in `host` and edits them, until `scope` ends. */
export function textSurface(host: HTMLElement, desk: SpanDesk, scope: Scope): SurfaceHandle {
  return new TextSurface(host, desk, scope, null);
}

/** The same, with the relations between the spans. */
export function relationSurface(relate: Relate): typeof textSurface {
  return (host, desk, scope) => new TextSurface(host, desk, scope, relate);
}

const TOLD_MS = 6000;

class TextSurface implements SurfaceHandle {
  readonly #desk: SpanDesk;
  readonly #scope: Scope;
  readonly #page: Page;
  readonly #board: Board;
  readonly #marks: Marks;
  readonly #over: Over;
  readonly #caret: Caret;
  readonly #pointer: PointerInput;
  readonly #finder: Finder;
  readonly #around: Surroundings;
  readonly #live: HTMLElement;
  readonly #told: HTMLElement;
  readonly #empty: HTMLElement;
  #task: DeskTask | null = null;
  #schema: number;
  #hits: { hits: readonly Range[]; hit: number } = { hits: [], hit: -1 };
  #dragged: readonly Range[] | null = null;
  #stopTelling: () => void = () => {};
  /** What lies over the text is to be drawn anew. */
  #due = false;

  constructor(host: HTMLElement, desk: SpanDesk, scope: Scope, relate: Relate | null) {
    this.#desk = desk;
    this.#scope = scope;
    this.#schema = desk.state.value.schema.version;
    host.replaceChildren();
    scope.own(() => host.replaceChildren());
    this.#board = new Board(desk, relate);
    this.#marks = new Marks(host.ownerDocument, this.#board);
    this.#page = new Page(
      host,
      docOf(""),
      scope,
      (sheets) => this.#marks.draw(sheets),
      () => this.#overlay(),
    );
    this.#over = new Over(this.#page);
    this.#caret = new Caret(this.#board, this.#page);
    [this.#live, this.#told, this.#empty] = [
      this.#element(host, "lw-unseen"),
      this.#element(host, "lw-told"),
      this.#element(host, "lw-state"),
    ];
    this.#live.setAttribute("aria-live", "polite");
    this.#told.setAttribute("role", "status");
    this.#told.hidden = this.#empty.hidden = true;
    this.#empty.textContent = "This text is empty.";
    this.#finder = new Finder(host, this.#finding(), scope);
    this.#pointer = this.#startPointer();
    this.#around = this.#surroundings();
    bindCommands(this.#around);
    this.#listen();
    this.#taskChanged();
  }

  focus(): void {
    this.#page.scroller.focus({ preventScroll: true });
  }

  #element(host: HTMLElement, name: string): HTMLElement {
    const made = host.ownerDocument.createElement("div");
    made.className = name;
    host.append(made);
    return made;
  }

  #startPointer(): PointerInput {
    const acts = {
      selected: (stretch: Range, how: { join: boolean; again: boolean }) => this.#selected(stretch, how),
      dragged: (parts: readonly Range[] | null) => {
        if (parts === this.#dragged) return;
        this.#dragged = parts;
        this.#overlay();
      },
      dropped: (span: Placed, parts: readonly Range[]) => this.#tellIfRefused(span, parts),
      hover: (key: string | null) => this.#desk.selection.hover(key?.split("\n")[0] ?? null),
    };
    return new PointerInput(this.#page, this.#board, this.#caret, acts, this.#desk.keymap.mac, this.#scope);
  }

  #surroundings(): Surroundings {
    const [atOnce, signs, visible] = [new Cell(true), new Cell(false), new Cell(true)];
    this.#scope.own(
      signs.subscribe((on) => {
        this.#page.signs = on;
      }),
    );
    this.#scope.own(
      visible.subscribe((on) => {
        this.#board.visible = on;
        this.#page.repaint(null);
      }),
    );
    return {
      desk: this.#desk,
      board: this.#board,
      caret: this.#caret,
      page: this.#page,
      finder: this.#finder,
      scope: this.#scope,
      atOnce,
      signs,
      visible,
      cancel: () => this.#pointer.cancel(),
      say: (words) => this.#say(words),
      tell: (words) => this.#tell(words),
      goToLink: () => {
        const root = this.#page.scroller.closest(".lw-root");
        const box = root?.querySelector<HTMLElement>(".lw-link [role=combobox]");
        box?.focus();
        return box !== null && box !== undefined;
      },
    };
  }

  #finding() {
    return {
      text: () => this.#board.doc.text,
      from: () => this.#page.topUnit,
      show: (hits: readonly Range[], hit: number) => {
        this.#hits = { hits, hit };
        const found = hits[hit];
        if (found) this.#page.reveal(found, "middle");
        this.#overlay();
      },
      // What was found is selected: a label's key labels it.
      done: (hit: Range | null) => {
        this.focus();
        if (hit) this.#caret.set(hit[0], hit[1]);
      },
    };
  }

  #listen(): void {
    const [desk, scope] = [this.#desk, this.#scope];
    scope.own(desk.task.subscribe(() => this.#taskChanged()));
    scope.own(desk.state.subscribe(({ schema }) => this.#schemaChanged(schema.version)));
    scope.own(desk.answer.values.subscribe(() => this.#spansChanged()));
    scope.own(desk.suggestion.subscribe(() => this.#spansChanged()));
    scope.own(desk.selection.ids.subscribe(() => this.#selectionChanged()));
    scope.own(desk.selection.hovered.subscribe(() => this.#marks.light(this.#page.sheets)));
    scope.own(desk.phase.subscribe(() => this.#overlay()));
    scope.own(this.#caret.ends.subscribe(() => this.#overlay()));
    scope.own(desk.onPick((target) => this.#relate(target) || this.#labelLive(target)));
    // Undone with what took the spans away.
    scope.own(
      desk.answer.onChange(({ field, origin }) => {
        if (origin === "local") this.#board.ties.endLooseTies(field);
      }),
    );
    scope.listen(this.#page.scroller, "copy", (event) => this.#copied(event));
    scope.listen(this.#page.scroller, "focus", () => this.#overlay());
    document.fonts?.ready.then(() => scope.disposed || this.#page.lay());
  }

  #taskChanged(): void {
    const task = this.#desk.task.value;
    if (isSameText(task, this.#task)) return;
    this.#task = task;
    this.#tell("");
    this.#pointer.reset();
    this.#finder.close();
    this.#caret.collapse(0);
    const doc = this.#docOf(task);
    this.#board.open(doc);
    this.#caret.place(0);
    this.#marks.font = getComputedStyle(this.#page.scroller).fontFamily;
    this.#page.open(doc, this.#board.fields.length > 0 ? 1 : 0);
    this.#empty.hidden = task === null || doc.text !== "";
    this.#describe();
  }

  #docOf(task: DeskTask | null): Doc {
    if (!task || task.push.media.broken !== undefined) return docOf("");
    const { columns } = this.#desk.state.value.options;
    const column = this.#board.fields.find(({ granularity }) => granularity === "token")?.tokens;
    const tokens = column ? (task.push.media.tokens?.[column] ?? null) : null;
    return docOf(textOf(task.push, task.media, columns), tokens);
  }

  #schemaChanged(version: number): void {
    if (version === this.#schema) return;
    this.#schema = version;
    this.#board.open(this.#board.doc);
    this.#page.repaint(null);
  }

  #spansChanged(): void {
    const touched = this.#board.sync();
    if (touched.length > 0) this.#page.repaint(touched);
    this.#describe();
  }

  #selectionChanged(): void {
    this.#marks.light(this.#page.sheets);
    const [tie] = this.#board.ties.selected;
    const end = tie && this.#board.get(tie.members[0] ?? "");
    if (end && !this.#pointer.isBusy) this.#page.reveal([end.start, end.end]);
    const [only, ...more] = this.#board.selected;
    if (only && more.length === 0) {
      this.#board.last = only.key;
      // What the pointer selects is under it.
      if (!this.#pointer.isBusy) this.#page.reveal([only.start, only.end]);
    }
    this.#overlay();
  }

  /** What the pointer has selected becomes a span at once, a part of one, or waits for a label. */
  #selected(stretch: Range, { join, again }: { join: boolean; again: boolean }): void {
    if (!this.#board.editable || stretch[0] >= stretch[1]) return;
    const before = again ? this.#board.selected[0] : undefined;
    if (join && this.#board.last && this.#board.field?.discontinuous) this.#joined(stretch);
    else if (before && this.#around.atOnce.value) this.#tellIfRefused(before, [stretch]);
    else if (this.#around.atOnce.value) this.#tell(markLive(this.#around));
    else this.#say(`“${this.#board.textOf([stretch]).slice(0, 200)}” selected`);
  }

  #joined(stretch: Range): void {
    this.#tell(this.#board.join(stretch));
    this.#caret.collapse();
  }

  #tellIfRefused(span: Placed, parts: readonly Range[]): void {
    const said = this.#board.reshape(span, parts);
    const now = this.#board.get(span.key);
    if (now === span) this.#tell(said);
    else this.#say(said);
    this.#caret.collapse();
  }

  /** A relation's key or button: joins spans, unless relations are selected that get another type. */
  #relate({ field: name, label }: { field: string; label: string }): boolean {
    const field = this.#board.ties.fields.find((each) => each.name === name);
    if (!field || !this.#board.editable || this.#board.ties.selected.length > 0) return false;
    const tagged = this.#board.isTagging && this.#board.selected.length === 0;
    const over = tagged ? this.#board.over(this.#caret.live) : null;
    if (over) this.#board.select([over]);
    const before = this.#board.ties.size;
    const said = this.#board.ties.relate(field, label);
    this.#marks.light(this.#page.sheets);
    if (this.#board.ties.size === before) this.#tell(said);
    else this.#say(said);
    return true;
  }

  /** A label's key or button, for what is selected and no span yet, or for suggested spans. */
  #labelLive({ field, label }: { field: string; label: string }): boolean {
    if (!this.#board.editable || !this.#board.fields.some(({ name }) => name === field)) return false;
    const { selection } = this.#desk;
    const offered = this.#board.selected.some((span) => span.suggested && span.field === field);
    if (this.#caret.isEmpty && !offered) return false;
    if (!this.#caret.isEmpty) selection.setField(field);
    selection.setLabel(field, label);
    if (this.#caret.isEmpty) this.#board.relabel(label);
    else {
      const said = markLive(this.#around, label);
      this.#tell(said);
      if (said === "") tagNext(this.#around);
    }
    return true;
  }

  #copied(event: ClipboardEvent): void {
    const [span] = this.#board.selected;
    const parts = this.#caret.isEmpty ? span?.parts : [this.#caret.live];
    if (!parts || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", this.#board.textOf(parts));
    event.preventDefault();
  }

  /** Once for all that an event has changed. */
  #overlay(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (!this.#scope.disposed) this.#drawOverlay();
    });
  }

  #drawOverlay(): void {
    const [span, ...more] = this.#board.selected;
    const hull: Range | null = span && more.length === 0 ? [span.start, span.end] : null;
    const dragged: Range | null = this.#dragged && [
      this.#dragged[0]?.[0] ?? 0,
      this.#dragged.at(-1)?.[1] ?? 0,
    ];
    this.#over.show({
      live: dragged ?? this.#caret.live,
      caret: this.#caret.ends.value.focus,
      grips: this.#board.editable && this.#board.visible ? (dragged ?? hull) : null,
      ...this.#hits,
    });
  }

  #say(words: string): void {
    this.#live.textContent = words;
  }

  /** Says why an act came to nothing, until the next one; "" when it came to something. */
  #tell(words: string): void {
    this.#stopTelling();
    this.#told.textContent = words;
    this.#told.hidden = words === "";
    if (words === "") return;
    this.#stopTelling = this.#scope.timeout(() => {
      this.#told.hidden = true;
    }, TOLD_MS);
  }

  #describe(): void {
    const { scroller } = this.#page;
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "application");
    scroller.setAttribute("aria-roledescription", "text");
    const spans = this.#board.fields.length > 0 ? `, ${this.#board.size} spans` : "";
    scroller.setAttribute("aria-label", `Text${spans}`);
  }
}

/** A comment or a flag replaces the task on the desk, not its text. */
function isSameText(a: DeskTask | null, b: DeskTask | null): boolean {
  return a?.push.id === b?.push.id && a?.push.round === b?.push.round && a?.media === b?.media;
}
