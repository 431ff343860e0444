/** The surface of tagged tokens: what happens on the desk, by keys and under the pointer, brought to the sentences. */

import { openTokens } from "../core/check.ts";
import type { Desk, DeskTask, LabelTarget } from "../core/desk.ts";
import type { RelationsJson, SpanJson, SpansJson } from "../core/protocol.ts";
import type { Scope } from "../core/scope.ts";
import { Board, type SpanDesk } from "../text/board.ts";
import { docOf, textOf } from "../text/doc.ts";
import { Relating } from "../text/relating.ts";
import type { Placed } from "../text/spans.ts";
import type { Tie } from "../text/ties.ts";
import { bindCommands } from "./commands.ts";
import { NOTHING, type Parsed, parsed, type Token } from "./sentences.ts";
import { Tree } from "./tree.ts";
import { type Drawn, type Dress, type Tag, View } from "./view.ts";

export interface SurfaceHandle {
  focus(): void;
}

/** Shows the tokens of the desk's text in `host`, with their tags and arcs, until `scope` ends. */
export function tokenSurface(host: HTMLElement, desk: TokenDesk, scope: Scope): SurfaceHandle {
  return new TokenSurface(host, desk, scope);
}

/** What of a desk the surface needs. */
export type TokenDesk = SpanDesk & Pick<Desk, "problems">;

const TOLD_MS = 6000;
/** The arc that is being made. */
const ASKED = "\nasked";

export class TokenSurface implements SurfaceHandle {
  readonly desk: TokenDesk;
  readonly scope: Scope;
  readonly board: Board;
  readonly tree: Tree;
  readonly view: View;
  readonly #live: HTMLElement;
  readonly #told: HTMLElement;
  readonly #empty: HTMLElement;
  #parsed: Parsed = NOTHING;
  #task: DeskTask | null = null;
  #schema: number;
  #stopTelling: () => void = () => {};
  #due = false;
  /** Where one is. */
  at = 0;
  /** Where the arc begins that is being made. */
  from: number | null = null;
  /** Where the pointer is with an arc. */
  #pulled: number | null = null;

  constructor(host: HTMLElement, desk: TokenDesk, scope: Scope) {
    this.desk = desk;
    this.scope = scope;
    this.#schema = desk.state.value.schema.version;
    host.replaceChildren();
    scope.own(() => host.replaceChildren());
    this.board = new Board(desk, (known, spans) => new Relating(known, spans));
    this.tree = new Tree(desk, this.board);
    this.view = new View(host);
    [this.#live, this.#told, this.#empty] = [
      this.#element(host, "lw-unseen"),
      this.#element(host, "lw-told"),
      this.#element(host, "lw-state"),
    ];
    this.#live.setAttribute("aria-live", "polite");
    this.#told.setAttribute("role", "status");
    this.#told.hidden = this.#empty.hidden = true;
    this.#empty.textContent = "This text has no tokens.";
    bindCommands(this);
    this.#listen();
    this.#taskChanged();
  }

  #element(host: HTMLElement, name: string): HTMLElement {
    const made = host.ownerDocument.createElement("div");
    made.className = name;
    host.append(made);
    return made;
  }

  focus(): void {
    this.view.scroller.focus({ preventScroll: true });
  }

  #listen(): void {
    const { desk, scope } = this;
    const { scroller } = this.view;
    const changed = () => this.#valuesChanged();
    scope.own(desk.task.subscribe(() => this.#taskChanged()));
    scope.own(desk.state.subscribe(({ schema }) => this.#schemaChanged(schema.version)));
    scope.own(desk.answer.values.subscribe(changed));
    scope.own(desk.suggestion.subscribe(changed));
    scope.own(desk.phase.subscribe(() => this.draw()));
    scope.own(desk.selection.ids.subscribe(() => this.#selectionChanged()));
    scope.own(desk.selection.field.subscribe(() => this.draw()));
    scope.own(desk.problems.subscribe((found) => this.#mend(found[0]?.field ?? null)));
    scope.own(desk.onPick((target) => this.#take(target)));
    // Undone with what took the tags away.
    scope.own(
      desk.answer.onChange(({ field, origin }) => {
        if (origin === "local") this.board.ties.endLooseTies(field);
      }),
    );
    scope.listen(scroller, "pointerdown", (event) => this.#pressed(event));
    scope.listen(scroller, "pointermove", (event) => this.#pull(event));
    scope.listen(scroller, "pointerup", (event) => this.#released(event));
    scope.listen(scroller, "pointercancel", () => this.#drop());
    let width = 0;
    scope.observeResize(scroller, ({ contentRect }) => {
      if (Math.abs(contentRect.width - width) > 0.5) this.view.lay();
      width = contentRect.width;
    });
    document.fonts?.ready.then(() => scope.disposed || this.view.lay());
  }

  /** Fields whose spans are tags of tokens: a row each. */
  get fields(): SpansJson[] {
    return this.board.fields.filter(({ granularity }) => granularity === "token");
  }

  /** The row that is worked on. */
  get field(): SpansJson | undefined {
    const active = this.desk.selection.field.value;
    return this.fields.find(({ name }) => name === active) ?? this.fields[0];
  }

  #taskChanged(): void {
    const { value: task } = this.desk.task;
    const before = this.#task;
    this.#task = task;
    // A comment or a flag replaces the task on the desk, not its text.
    const same = task && before && task.push.id === before.push.id && task.push.round === before.push.round;
    if (same && task.media === before.media) return;
    const column = this.fields[0]?.tokens;
    const shown = task && task.push.media.broken === undefined ? task : null;
    const tokens = (shown && column && shown.push.media.tokens?.[column]) || [];
    const { columns } = this.desk.state.value.options;
    const doc = docOf(shown ? textOf(shown.push, shown.media, columns) : "", tokens);
    this.#parsed = parsed(doc);
    this.at = 0;
    this.from = this.#pulled = null;
    this.board.open(doc);
    this.tree.open(this.#parsed);
    this.view.open(this.#parsed);
    this.#empty.hidden = shown === null || this.#parsed.tokens.length > 0;
    this.follow();
    this.#now();
  }

  #schemaChanged(version: number): void {
    if (version === this.#schema) return;
    this.#schema = version;
    this.board.forget();
    this.#valuesChanged();
  }

  #valuesChanged(): void {
    this.board.sync();
    this.draw();
  }

  /** What is selected elsewhere is gone to. */
  #selectionChanged(): void {
    const [span, ...more] = this.board.selected;
    const place = more.length === 0 ? this.tree.placeOf(span) : -1;
    if (place >= 0 && place !== this.at && this.from === null) {
      this.at = place;
      this.view.reveal(place);
    }
    const [tie] = this.board.ties.selected;
    const end = tie && this.tree.ends(tie).at(-1);
    if (end !== undefined && end >= 0) this.view.reveal(end);
    this.draw();
  }

  /** The tag of the token where one is, is what the panel shows and what the bar presses. */
  follow(): void {
    const { selection } = this.desk;
    const { field } = this;
    const active = selection.field.value;
    if (!field || this.from !== null || (active !== null && active !== field.name)) return;
    const span = this.tree.spanOf(this.at, field.name);
    selection.setField(field.name);
    selection.setLabel(field.name, span?.region.label ?? null);
    selection.select(span ? [span.region.id] : []);
  }

  /** Goes to a token; false where there is none. */
  go(n: number): boolean {
    if (n < 0 || n >= this.tree.size) return false;
    this.at = n;
    if (this.board.ties.selected.length > 0) this.resume();
    this.follow();
    this.view.reveal(n);
    this.say(this.wordsOf(n));
    this.draw();
    return true;
  }

  /** "cat, NOUN, nsubj of “sleeps”". */
  wordsOf(n: number): string {
    const tags = this.fields.flatMap(({ name }) => {
      const span = this.tree.spanOf(n, name);
      return span ? [`${this.board.look(span).title}${span.suggested ? " suggested" : ""}`] : [];
    });
    const { to } = this.tree.around(n);
    const head = to && this.tree.token(this.tree.ends(to)[0] ?? -1)?.form;
    const arc = to ? [`${to.type?.title ?? "no label"} of “${head}”`] : [];
    return [this.tree.token(n)?.form ?? "", ...(tags.length ? tags : ["no tag"]), ...arc].join(", ");
  }

  /** An arc begins here; the bar shows what it can be. */
  begin(n: number): void {
    const field = this.tree.field;
    if (!field || !this.board.editable) return;
    this.from = n;
    this.desk.selection.setField(field.name);
    this.say(`Arc from “${this.tree.token(n)?.form}”: go to the other token, then press a key.`);
    this.draw();
  }

  /** No arc after all; false when none was being made. */
  drop(): boolean {
    if (this.from === null) return false;
    this.from = this.#pulled = null;
    this.resume();
    this.draw();
    return true;
  }

  #drop(): void {
    if (this.#pulled !== null) this.drop();
    this.#pulled = null;
  }

  /** The sentence where one is goes from right to left. */
  get isRtl(): boolean {
    return this.#parsed.sentences[this.tree.token(this.at)?.sentence ?? -1]?.direction === "rtl";
  }

  /** Back from arcs to the tag of the token where one is. */
  resume(): void {
    const [first] = this.fields;
    if (first) this.desk.selection.setField(first.name);
    this.follow();
    this.draw();
  }

  /** What could not be submitted is asked for: on to the first token without a tag. */
  #mend(name: string | null): void {
    const field = this.fields.find((each) => each.name === name);
    const [open] = field ? this.#open(field) : [];
    if (!field || open === undefined) return;
    this.desk.selection.setField(field.name);
    this.go(open);
  }

  #open(field: SpansJson): number[] {
    const spans = this.desk.answer.regions(field.name) as readonly SpanJson[];
    return openTokens(field, spans, this.#task?.push ?? null);
  }

  /** On to the next token that has no tag, or one that is only suggested. */
  nextOpen(): boolean {
    const { field } = this;
    if (!field) return false;
    const open = this.#open(field);
    const next = open.find((n) => n > this.at) ?? open[0];
    if (next === undefined) this.say("Every token has a tag.");
    return next === undefined || this.go(next);
  }

  // What is done

  /** A tag for the token, or a type for the arc; false when it is for something else. */
  #take({ field: name, label }: LabelTarget): boolean {
    if (!this.board.editable) return false;
    const arcs = this.board.ties.fields.find((field) => field.name === name);
    if (arcs) return this.#arc(arcs, label);
    const field = this.fields.find((each) => each.name === name);
    if (!field || this.tree.size === 0) return false;
    this.from = null;
    this.#tag(field, label);
    return true;
  }

  #tag(field: SpansJson, label: string): void {
    const { selection } = this.desk;
    const token = this.tree.token(this.at) as Token;
    const there = this.tree.spanOf(this.at, field.name);
    selection.setField(field.name);
    selection.setLabel(field.name, label);
    if (there) {
      this.board.select([there]);
      this.board.relabel(label);
    } else {
      const said = this.board.mark([token.start, token.end], label);
      if (!this.tree.spanOf(this.at, field.name)) {
        this.tell(said);
        return;
      }
    }
    if (!this.go(this.at + 1)) this.go(this.at);
  }

  #arc(field: RelationsJson, label: string): boolean {
    // Those that are selected get another type.
    if (this.board.ties.selected.length > 0) return false;
    const type = field.labels.find(({ id }) => id === label);
    const { from, at } = this;
    if (from === null || from === at) {
      this.begin(at);
      this.tell(
        `${type?.title} from “${this.tree.token(at)?.form}”: go to the other token, press the key again.`,
      );
      return true;
    }
    const before = this.board.ties.all;
    const said =
      type?.chain || !type?.directed ? this.#tie(field, label) : this.tree.join(field, label, from, at);
    const made = this.board.ties.all.some((tie) => !before.includes(tie));
    if (!made && said !== "") this.tell(said);
    else this.say(said);
    if (made) this.drop();
    return true;
  }

  /** Relations that have no head join as they do in any text. */
  #tie(field: RelationsJson, label: string): string {
    const spans = [this.from ?? -1, this.at].map((n) => this.tree.spanOf(n, field.between));
    const ids = spans.flatMap((span) => (span ? [span.region.id] : []));
    if (ids.length < 2) return "Both tokens need a tag first.";
    this.desk.selection.setField(field.between);
    this.desk.selection.select(ids);
    return this.board.ties.relate(field, label);
  }

  // Under the pointer

  #pressed(event: PointerEvent): void {
    if (event.button !== 0) return;
    const arc = this.view.arcOf(event.target);
    const tie = arc === null ? undefined : this.board.ties.get(arc);
    if (tie) {
      this.say(this.board.ties.select(tie));
      return;
    }
    const n = this.view.tokenOf(event.target);
    if (n < 0) return;
    this.go(n);
    if (event.pointerType !== "touch" && this.from === null && this.tree.field) this.#pulled = n;
  }

  #pull(event: PointerEvent): void {
    if (this.#pulled === null || (event.buttons & 1) === 0) return;
    const n = this.view.tokenOf(event.target);
    if (n < 0 || n === this.at) return;
    if (this.from === null) this.begin(this.#pulled);
    if (this.from === null) return;
    this.at = n;
    this.draw();
  }

  #released(event: PointerEvent): void {
    const pulled = this.#pulled !== null && this.from !== null;
    this.#pulled = null;
    if (!pulled) return;
    if (this.view.tokenOf(event.target) < 0 || this.at === this.from) this.drop();
    else this.#ask();
  }

  /** Which type: by its key, or, where there are more types than keys, by typing at once. */
  #ask(): void {
    this.say(`Arc to “${this.tree.token(this.at)?.form}”: press a key.`);
    // The bar shows the types, and the search for them, with the next frame.
    if (this.tree.field?.labels.some(({ hotkey }) => !hotkey))
      this.scope.frame(() => this.desk.keymap.run("find"));
  }

  // What is seen

  /** Once for all that an event has changed. */
  draw(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (!this.scope.disposed) this.#now();
    });
  }

  #now(): void {
    const rows = this.fields;
    const asks = rows.map((field) => (field.every ? new Set(this.#open(field)) : null));
    const tags = rows.map(({ name }) => this.#tags(name));
    const dress = ({ n }: Token): Dress => ({
      tags: tags.map((row) => row.get(n) ?? null),
      here: n === this.at,
      source: n === this.from,
      open: asks.some((open) => open?.has(n)),
    });
    this.view.show(dress, this.#arcs());
    this.#describe(asks[0]?.size ?? 0);
  }

  /** The tags of a row by token; where several spans hold one, the shortest, and what was said before what is suggested. */
  #tags(field: string): Map<number, Tag> {
    const found = new Map<number, Tag>();
    const spans = this.board.within(0, this.board.doc.text.length).filter((span) => span.field === field);
    const last = (a: Placed, b: Placed) =>
      Number(b.suggested) - Number(a.suggested) || b.end - b.start - (a.end - a.start);
    for (const span of [...spans].sort(last)) {
      const { title, color } = this.board.look(span);
      const tag = { title, color, key: span.key, suggested: span.suggested };
      for (let n = this.tree.placeOf(span); n >= 0 && (this.tree.token(n)?.end ?? Infinity) <= span.end; n++)
        found.set(n, tag);
    }
    return found;
  }

  /** Arcs by sentence: those that there are, the one being made, the roots. */
  #arcs(): Drawn[][] {
    const drawn = this.#parsed.sentences.map((): Drawn[] => []);
    const headed = new Set<number>();
    const put = (arc: Drawn) => {
      const sentence = this.tree.token(arc.to)?.sentence ?? -1;
      if (arc.from === null || this.tree.token(arc.from)?.sentence === sentence) drawn[sentence]?.push(arc);
    };
    for (const tie of this.board.ties.all) {
      const ends = this.tree.ends(tie);
      ends.slice(1).forEach((to, i) => {
        if (tie.type?.directed !== false) headed.add(to);
        put(this.#drawn(tie, ends[i] ?? -1, to));
      });
    }
    if (this.from !== null && this.from !== this.at)
      put({ ...BLANK, key: ASKED, from: this.from, to: this.at, title: "?", asked: true });
    for (const [i, { first, last }] of this.#parsed.sentences.entries()) {
      if (drawn[i]?.length === 0) continue;
      const free = Array.from({ length: last - first }, (_, at) => first + at).filter((n) => !headed.has(n));
      // Where more than one is left it is not known yet which one it is.
      if (free.length === 1)
        put({ ...BLANK, key: `${ROOT}${i}`, from: null, to: free[0] as number, title: "root" });
    }
    return drawn;
  }

  #drawn(tie: Tie, from: number, to: number): Drawn {
    const { title, color } = this.board.look(tie);
    const on = this.board.isSelected(tie.key);
    const { key, suggested } = tie;
    const says = `${title}: ${this.tree.token(from)?.form} → ${this.tree.token(to)?.form}`;
    return { key, from, to, title, says, color, suggested, on, asked: false };
  }

  say(words: string): void {
    this.#live.textContent = words;
  }

  tell(words: string): void {
    if (words === "") return;
    this.#stopTelling();
    this.#told.textContent = words;
    this.#told.hidden = false;
    this.#stopTelling = this.scope.timeout(() => {
      this.#told.hidden = true;
    }, TOLD_MS);
  }

  #describe(open: number): void {
    const { scroller } = this.view;
    const { size } = this.tree;
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "application");
    scroller.setAttribute("aria-roledescription", "sentence");
    const left = open > 0 ? `, ${open} without a tag` : "";
    scroller.setAttribute("aria-label", `${size} tokens${left}, ${this.board.ties.size} arcs`);
  }
}

const ROOT = "\nroot";
const BLANK = { says: "", color: "#757575", suggested: false, on: false, asked: false } as const;
