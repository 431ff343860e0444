/** Arcs between the tokens of a text: which there are, and giving a token another head. */

import { newId } from "../core/model.ts";
import type { RelationJson, RelationsJson, SpanJson } from "../core/protocol.ts";
import type { Board, Said, SpanDesk } from "../text/board.ts";
import type { Placed } from "../text/spans.ts";
import { obstacle, type Tie } from "../text/ties.ts";
import { NOTHING, type Parsed, type Token } from "./sentences.ts";

export class Tree {
  readonly #desk: SpanDesk;
  readonly #board: Board;
  #parsed: Parsed = NOTHING;
  /** Places of tokens by where they begin. */
  #starts = new Map<number, number>();

  constructor(desk: SpanDesk, board: Board) {
    this.#desk = desk;
    this.#board = board;
  }

  open(parsed: Parsed): void {
    this.#parsed = parsed;
    this.#starts = new Map(parsed.tokens.map(({ n, start }) => [start, n]));
  }

  token(n: number): Token | undefined {
    return this.#parsed.tokens[n];
  }

  get size(): number {
    return this.#parsed.tokens.length;
  }

  /** The token with which a span begins; -1 for none. */
  placeOf(span: Placed | undefined): number {
    return span ? (this.#starts.get(span.start) ?? -1) : -1;
  }

  /** What is said of a token in a field: the shortest span that holds it. */
  spanOf(n: number, field: string): Placed | undefined {
    const token = this.#parsed.tokens[n];
    if (!token) return undefined;
    const there = this.#board
      .within(token.start, token.end)
      .filter((span) => span.field === field && span.start <= token.start && token.end <= span.end);
    const shortest = (a: Placed, b: Placed) =>
      Number(a.suggested) - Number(b.suggested) || a.end - a.start - (b.end - b.start);
    return [...there].sort(shortest)[0];
  }

  /** Places of the tokens that an arc joins, from head to dependent. */
  ends({ members }: Tie): number[] {
    return members.map((key) => this.placeOf(this.#board.get(key)));
  }

  /** The arc that leads to a token, and those that lead from it. */
  around(n: number): { to: Tie | undefined; from: Tie[] } {
    const ties = this.#board.ties.all.filter((tie) => this.ends(tie).includes(n));
    const isTo = (tie: Tie) => this.ends(tie).at(-1) === n;
    return { to: ties.find(isTo), from: ties.filter((tie) => !isTo(tie)) };
  }

  /** The field of arcs that is worked on. */
  get field(): RelationsJson | undefined {
    const active = this.#desk.selection.field.value;
    const { fields } = this.#board.ties;
    return fields.find(({ name }) => name === active) ?? fields[0];
  }

  /** An arc from head to dependent; the one that the dependent had is gone, since a token has one head. */
  join(field: RelationsJson, label: string, from: number, to: number): Said {
    const type = field.labels.find(({ id }) => id === label);
    if (!type || from === to) return "";
    const [head, dependent] = [this.spanOf(from, field.between), this.spanOf(to, field.between)];
    const spans = [head, dependent].filter((span): span is Placed => span !== undefined);
    const inWay = spans.length === 2 ? obstacle(type, spans) : "";
    if (inWay) return inWay;
    const { answer } = this.#desk;
    answer.gesture(() => {
      const members = [this.#settled(from, field, head), this.#settled(to, field, dependent)];
      const had = (answer.regions(field.name) as readonly RelationJson[]).filter(
        (arc) => arc.members.length === 2 && arc.members[1] === members[1] && this.#isOfTree(field, arc),
      );
      const [first, ...more] = had;
      if (more.length > 0)
        answer.remove(
          field.name,
          more.map(({ id }) => id),
        );
      const made = first ?? { id: newId(), attributes: {} };
      answer.put(field.name, [{ ...made, label, score: null, members } as RelationJson]);
    });
    return `${type.title}, from “${this.token(from)?.form}” to “${this.token(to)?.form}”`;
  }

  #isOfTree(field: RelationsJson, { label }: RelationJson): boolean {
    const type = field.labels.find(({ id }) => id === label);
    return type === undefined || (type.directed && !type.chain);
  }

  /** Id of what an arc ends at: a suggested tag is taken over, a token without one gets one that has no label yet. */
  #settled(n: number, field: RelationsJson, span: Placed | undefined): string {
    if (span) {
      if (span.suggested) this.#desk.acceptRegions(field.between, [span.region.id]);
      return span.region.id;
    }
    const { start = 0, end = 0, form = "" } = this.token(n) ?? {};
    const { offsets } = this.#board.doc;
    const id = newId();
    const place = { start: offsets.toPoint(start), end: offsets.toPoint(end), text: form, parts: [] };
    const said = { id, label: null, score: null, attributes: {}, link: null };
    this.#desk.answer.put(field.between, [{ ...said, ...place } as SpanJson]);
    return id;
  }
}
