/** What comes back: answers taken back or looked at again, refused ones, and news of other tabs and page loads. */
import type { Confidence } from "./bench.ts";
import { NO_PAST } from "./bench.ts";
import type { Courier } from "./courier.ts";
import { type Flow, nameOf } from "./flow.ts";
import type { Kept } from "./outbox.ts";
import type { Ack, Act, Values } from "./protocol.ts";
import { batch } from "./signal.ts";
import { type Answered, type Item, keyOf } from "./tray.ts";

/** Refusals a person can do something about by answering otherwise. */
const MENDABLE: ReadonlySet<string> = new Set(["label", "size"]);

export class Returns {
  readonly #flow: Flow;
  readonly #courier: Courier;

  constructor(flow: Flow, courier: Courier) {
    this.#flow = flow;
    this.#courier = courier;
  }

  // What the person asks back.

  /** Opens the last answer without taking it back. */
  back(): boolean {
    const { tray } = this.#flow;
    const last = tray.recall();
    if (last) this.#flow.lay({ ...last, task: { ...last.task, again: true } });
    const earlier = last ? null : tray.recallEarlier();
    return earlier ? this.#flow.report(this.goto(earlier.task)) : last !== null;
  }

  async goto(task: number): Promise<void> {
    this.#flow.lay(await this.#flow.fetch(task));
  }

  /** Takes the last answer back; false when there is none. */
  takeBack(): boolean {
    const { tray } = this.#flow;
    const last = tray.recall();
    if (!last) return this.#takeEarlierBack();
    this.#withdraw(last);
    const { batch: number } = last.entry;
    if (number > 0 && tray.answered.value.at(-1)?.entry.batch === number) this.takeBack();
    return this.#flow.say(`Taken back: ${nameOf(last)}.`);
  }

  #takeEarlierBack(): boolean {
    const earlier = this.#flow.tray.recallEarlier();
    if (!earlier) return false;
    const fetched = this.#flow.fetch(earlier.task).then(({ task, entry }) => {
      if (entry?.act === earlier.act) this.#withdraw({ task, entry });
      else this.#flow.say("That answer was changed elsewhere since.");
    });
    return this.#flow.report(fetched);
  }

  /** The task comes back as it was when it was answered, so that undoing can go on. */
  #withdraw({ task, entry }: Answered): void {
    const { tray, bench, mending } = this.#flow;
    const key = keyOf(task.push);
    // An answer the kernel refused was never there.
    if (this.#courier.outbox.get(entry.act)?.refused) mending.set(key, entry.act);
    else this.#courier.post("undo", { answer: entry.act }, { reopens: key });
    const item: Item = { task: { ...task, again: entry.before !== null }, entry: entry.before };
    if (this.#flow.isGrid) tray.ahead.update((ahead) => [item, ...ahead]);
    else {
      bench.prepare(key, entry);
      this.#flow.lay(item);
      tray.taken.update((taken) => [...taken, { key, entry }]);
    }
  }

  // What the kernel sends back.

  /** The kernel said no: the answer comes back, after the task at hand. */
  refused(kept: Kept): void {
    const { tray, item: here } = this.#flow;
    this.#flow.say(`Not accepted: ${kept.refused?.reason}`);
    const item = tray.answered.value.find(({ entry }) => entry.act === kept.act.id);
    if (here && keyOf(here.task.push) === `${kept.act.task}/${kept.act.round}`) this.#refusedHere(kept, here);
    else if (item && !this.#flow.isGrid && MENDABLE.has(kept.refused?.code ?? "")) {
      const mended = this.#mend(kept, item);
      tray.ahead.update((ahead) => [mended, ...ahead]);
      if (!here) this.#flow.next();
    }
  }

  /** The person has gone back to it in the meantime. */
  #refusedHere({ act }: Kept, { task, entry }: Item): void {
    const { tray, mending, problems } = this.#flow;
    const key = keyOf(task.push);
    mending.set(key, act.id);
    tray.current.set({ task, entry: entry?.act === act.id ? entry.before : entry });
    problems.set(this.#flow.refusalOf(key));
  }

  /** The item as it was answered, without that answer. */
  #mend({ act }: Kept, item: Item): Item {
    const { tray, bench, mending } = this.#flow;
    const key = keyOf(item.task.push);
    const entry = item.entry?.act === act.id ? item.entry : null;
    tray.unanswer(act.id);
    if (act.kind !== "submit") return item;
    mending.set(key, act.id);
    const confidence = (act.confidence ?? null) as Confidence;
    bench.prepare(key, entry ?? { values: act.values as Values, past: NO_PAST, confidence });
    return entry ? { task: item.task, entry: entry.before } : item;
  }

  /** Lays the task of a refused act on the desk, with its values and the kernel's reason. */
  async reopen(id: string): Promise<void> {
    const task = this.#courier.outbox.get(id)?.act.task;
    if (typeof task !== "number") return;
    const item = await this.#flow.fetch(task);
    const kept = this.#courier.outbox.get(id);
    if (kept) this.#flow.lay(this.#mend(kept, item));
  }

  discard(id: string): void {
    const { mending, problems } = this.#flow;
    for (const [key, act] of mending) if (act === id) mending.delete(key);
    problems.set([]);
    this.#courier.outbox.drop(id);
  }

  // What other page loads and tabs have done.

  /** The kernel's word on this person's last answers, newest first. */
  recent({ recent }: Ack): void {
    const { answered, earlier } = this.#flow.tray;
    if (!Array.isArray(recent) || answered.value.length + earlier.value.length > 0) return;
    const acts = recent as { id: string; task: number }[];
    earlier.set(acts.map(({ id, task }) => ({ act: id, task })).reverse());
  }

  /** Answers on their way from before: their tasks need not be shown again. */
  found(acts: readonly Act[]): void {
    const undone = new Set(acts.map(({ answer }) => answer));
    for (const { id, kind, task, round } of acts) {
      const answers = (kind === "submit" || kind === "skip") && !undone.has(id);
      if (answers && !this.#flow.tray.isAnswered(id)) {
        this.answered(keyOf({ id: Number(task), round: Number(round) }));
        this.#flow.tray.addEarlier({ act: id, task: Number(task) });
      }
    }
    this.#recoverDraft();
  }

  /** A draft that was read after its task had been shown. */
  #recoverDraft(): void {
    const { bench, item } = this.#flow;
    const draft = item && this.#courier.outbox.draft(keyOf(item.task.push));
    if (!item || !draft || !bench.isFresh(item)) return;
    batch(() => bench.load(item));
    this.#flow.say("Your unfinished work is back.");
  }

  /** Another tab has answered: shown here no more, unless work on it has begun. */
  answered(key: string): void {
    const { tray, bench, item } = this.#flow;
    const isShown = item !== null && keyOf(item.task.push) === key;
    if (isShown && (item.entry || !bench.isFresh(item))) return;
    tray.remove(key);
    if (isShown) this.#flow.next();
  }
}
