/** Many tasks of the queue at once: what a grid does to a desk. */
import { completeValues } from "./annotations.ts";
import { NO_PAST } from "./bench.ts";
import { check } from "./check.ts";
import type { Values } from "./protocol.ts";
import { batch } from "./signal.ts";
import { type Entry, type Item, keyOf } from "./tray.ts";
import type { WorkDesk } from "./workdesk.ts";

interface Answering {
  item: Item;
  values: Values;
}

export class Many {
  readonly #desk: WorkDesk;
  #batches = 0;

  constructor(desk: WorkDesk) {
    this.#desk = desk;
  }

  /** Asks for the next `n` items, which join the queue. */
  async more(n: number): Promise<void> {
    this.#desk.flow.receive(await this.#desk.courier.ask("tiles", { n }));
  }

  /** Answers several tasks; undone together. False when something is wrong: what, the desk says. */
  submit(answers: readonly { task: number; values: Values }[]): boolean {
    const { schema } = this.#desk.state.value;
    const items = answers.flatMap(({ task, values }) => this.#item(task, completeValues(schema, values)));
    const problems = items.flatMap(({ values }) => check(schema, values));
    this.#desk.problems.set(problems);
    return problems.length === 0 && this.#send("submit", items, "submitted");
  }

  /** Skips several tasks; undone together. */
  skip(tasks: readonly number[], reason: string): boolean {
    const items = tasks.flatMap((task) => this.#item(task, {}));
    return this.#send("skip", items, "skipped", reason);
  }

  #item(task: number, values: Values): Answering[] {
    const item = this.#desk.flow.tray.find(task);
    return item ? [{ item, values }] : [];
  }

  #send(kind: Entry["kind"], items: readonly Answering[], done: string, reason = ""): boolean {
    const { courier, flow, state } = this.#desk;
    if (!flow.isGrid || items.length === 0) return false;
    const { version } = state.value.schema;
    const times = flow.watch.read();
    const each = { ...times, seconds: times.seconds / items.length };
    const number = ++this.#batches;
    batch(() => {
      for (const { item, values } of items) {
        const { id, round } = item.task.push;
        const answers = keyOf(item.task.push);
        const said =
          kind === "skip" ? { reason } : { values, confidence: null, prediction: null, schema: version };
        const act = courier.post(kind, { task: id, round, times: each, ...said }, { answers });
        flow.tray.remove(answers);
        const work = { values, past: NO_PAST, confidence: null };
        flow.tray.remember(item, { ...work, act, kind, reason, batch: number, before: null });
      }
    });
    flow.watch.start();
    return flow.say(`${items.length} ${done}.`);
  }
}
