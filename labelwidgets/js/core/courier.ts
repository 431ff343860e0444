/** Carries acts to the kernel until the store has them: outbox, hello and replay, acks and refusals, saved mark. */
import type { Refused, Saving } from "./desk.ts";
import { Link } from "./link.ts";
import { type Answered, type Host, newId, Questions } from "./model.ts";
import { type Kept, Outbox } from "./outbox.ts";
import { Peers } from "./peers.ts";
import type { Ack, Act, ActKind, Json, Push, Refuse, Reply, State, Times, Values } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import type { Shelf } from "./shelf.ts";
import { Cell, derived, type Signal } from "./signal.ts";

/** A store that could not write (disk full) is asked again after this. */
const RETRY_MS = 5_000;

/** By then a host has made what it makes after loading a page. */
const SETTLED_MS = 1_000;

export type Fields = Record<string, Json | Times>;

export interface CourierOptions {
  /** Where acts are kept; tests have their own. */
  disk?: Shelf;
  /** Clock, in milliseconds since 1970. */
  now?: () => number;
}

/** What an act means for the page besides what it tells the kernel. */
export interface About {
  /** Key of the task it answers: its draft goes, other tabs need not show it. */
  answers?: string | undefined;
  /** Key of the task whose answer it takes back. */
  reopens?: string | undefined;
  /** A refused act that this one corrects. */
  replaces?: string | undefined;
}

/** What the desk does when something comes. */
export interface Recipient {
  push(push: Pick<Push, "tasks"> & { left?: number }, buffers: readonly Uint8Array[]): void;
  /** Ids of the tasks in the page. */
  held(): number[];
  /** Acts of another page load or tab that the store may not have. */
  found(acts: readonly Act[]): void;
  refused(kept: Kept): void;
  /** Another tab has answered this task. */
  answered(key: string): void;
  /** Another tab has taken its answer back. */
  reopened(key: string): void;
  /** The kernel's counts, and the person's last answers: whatever an ack tells besides. */
  told(reply: Ack): void;
  /** The kernel won't work with this person at all. */
  barred(refuse: Refuse): void;
}

export class Courier {
  readonly saving: Signal<Saving>;
  readonly refused: Signal<readonly Refused[]>;
  readonly kept: Signal<"disk" | "memory">;
  /** The person may do nothing here any more, and this many of their acts were not taken; null while they may. */
  readonly untaken: Signal<number | null>;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly #host: Host;
  readonly #scope: Scope;
  readonly #to: Recipient;
  readonly #questions: Questions;
  readonly #peers: Peers;
  readonly #page = newId();
  readonly #trouble = new Cell<{ since: Date; reason: string } | null>(null);
  /** In which connection an act was sent last; a new hello is a new connection. */
  readonly #sent = new Map<string, number>();
  /** Why nothing is sent any more. */
  readonly #ended = new Cell("");
  #connection = 0;
  #hello = "";
  #kernel: string;

  constructor(host: Host, state: State, scope: Scope, to: Recipient, { disk, now }: CourierOptions = {}) {
    const owner = { store: state.store, session: state.session, user: state.user.id };
    this.#host = host;
    this.#scope = scope;
    this.#to = to;
    this.#kernel = state.kernel;
    this.outbox = new Outbox(owner, scope, disk);
    this.link = new Link(scope, () => this.#beat(), now);
    this.#questions = new Questions((act) => this.#send(act), scope);
    this.#peers = new Peers(owner, scope, (news) => {
      if ("acked" in news) this.#storedElsewhere(news.acked);
      else if ("answered" in news) to.answered(news.answered);
      else to.reopened(news.reopened);
    });
    this.kept = this.outbox.kept;
    this.refused = derived([this.outbox.entries], (entries) => entries.flatMap(refusedOf));
    this.untaken = derived([this.outbox.entries, this.#ended], ({ length }, ended) =>
      ended ? length : null,
    );
    this.saving = derived(
      [this.outbox.entries, this.outbox.kept, this.outbox.reason, this.link.state, this.#trouble],
      (entries, kept, reason, { since, paused }, trouble) => {
        const pending = entries.filter(({ refused }) => !refused).length;
        return savingOf({
          pending,
          memory: kept === "memory" ? reason || "blocked" : "",
          since,
          paused,
          trouble,
        });
      },
    );
  }

  /** Hears what has come already, says hello at once, and sends what an earlier page load has left. */
  async open(): Promise<void> {
    this.#host.onMessage((reply, buffers) => this.#receive(reply, buffers));
    this.hello();
    await this.outbox.load();
    this.#to.found(this.outbox.pending());
    if (this.#hello === "") this.#resend();
  }

  /** Asks for the queue; in answer, everything unacknowledged is sent again. */
  hello(): void {
    this.#connection += 1;
    this.#hello = newId();
    this.#send({ kind: "hello", id: this.#hello, page: this.#page });
  }

  /** The kernel-side widget is another one than before. */
  restarted(kernel: string): void {
    if (kernel === this.#kernel) return;
    this.#kernel = kernel;
    this.hello();
  }

  /** Keeps the act, sends it, returns its id. */
  post(kind: ActKind, fields: Fields, { answers, reopens, replaces }: About = {}): string {
    const act: Act = { ...fields, kind, id: newId() };
    this.outbox.put(act, { draft: answers, replaces });
    if (answers) this.#peers.tell({ answered: answers });
    if (reopens) this.#peers.tell({ reopened: reopens });
    this.#sent.set(act.id, this.#connection);
    this.#send(act);
    return act.id;
  }

  /** Sends what need not arrive. */
  tell(kind: ActKind, fields: Fields): void {
    this.#send({ ...fields, kind, id: newId() });
  }

  ask(kind: ActKind, fields: Record<string, Json>, signal?: AbortSignal): Promise<Answered> {
    return this.#questions.ask(kind, fields, signal);
  }

  /** Forgets an act for good. */
  discard(id: string): void {
    this.outbox.drop(id);
  }

  /** The page goes: no answer will be heard. */
  leave(): void {
    if (!this.#ended.value) this.#host.send({ kind: "leave", id: newId(), tasks: this.#to.held() });
  }

  #beat(): void {
    this.tell("beat", { tasks: this.#to.held() });
  }

  #send(act: Act): void {
    const reason = this.#ended.value;
    if (reason) return void this.#questions.take({ kind: "refuse", id: act.id, code: "ended", reason }, []);
    this.link.sent();
    this.#host.send(act);
  }

  #receive(reply: Reply, buffers: readonly Uint8Array[]): void {
    const [connection, hello] = [this.#connection, this.#hello];
    const wasSilent = this.link.heard();
    if (reply.kind === "push") this.#to.push(reply, buffers);
    else if (reply.kind === "ack") this.#acked(reply, buffers);
    else this.#refuse(reply);
    const greeted = connection !== this.#connection || (reply.kind !== "push" && reply.id === hello);
    // What was sent into the silence may not have arrived.
    if (wasSilent && !greeted) this.hello();
  }

  #acked(reply: Ack, buffers: readonly Uint8Array[]): void {
    if (typeof reply.kernel === "string") this.restarted(reply.kernel);
    this.#to.told(reply);
    if (reply.id === this.#hello) this.#welcome();
    else if (this.outbox.get(reply.id)) this.#stored(reply.id);
    else this.#questions.take(reply, buffers);
  }

  #welcome(): void {
    this.#hello = "";
    this.#resend();
    this.#questions.again();
    // JupyterLab has a thread for widgets a moment after the page is there, and the kernel listens where it spoke
    // last: spoken to once more, it listens there, and a cell that runs next holds up no answer.
    this.#scope.timeout(() => this.#beat(), SETTLED_MS);
    // Another tab may have died with answers on the way.
    this.outbox.load().then(() => {
      this.#to.found(this.outbox.pending());
      this.#resend();
    });
  }

  #stored(id: string): void {
    this.#sent.delete(id);
    this.#trouble.set(null);
    this.outbox.drop(id);
    this.#peers.tell({ acked: id });
  }

  /** Another tab has answered; when that took this one's last task, there may be others. */
  #storedElsewhere(id: string): void {
    this.outbox.forget(id);
    if (this.#to.held().length === 0) this.#beat();
  }

  #resend(): void {
    for (const act of this.outbox.pending()) {
      if (this.#sent.get(act.id) === this.#connection) continue;
      this.#sent.set(act.id, this.#connection);
      this.#send(act);
    }
  }

  #refuse(refuse: Refuse): void {
    if (refuse.code === "ended") this.#end(refuse);
    else if (refuse.id === this.#hello) this.#to.barred(refuse);
    else if (!this.outbox.get(refuse.id)) this.#questions.take(refuse, []);
    else if (refuse.code === "store") this.#later(refuse);
    else this.#keep(refuse);
  }

  /** Nothing will be taken until the person may come in again: what is not stored stays here, and is not sent. */
  #end(refuse: Refuse): void {
    this.#ended.set(refuse.reason);
    this.#trouble.set({ since: new Date(), reason: refuse.reason });
    this.#questions.take(refuse, []);
    this.#to.barred(refuse);
  }

  #later({ id, reason }: Refuse): void {
    this.#sent.delete(id);
    this.#trouble.update((trouble) => ({ since: trouble?.since ?? new Date(), reason }));
    this.#scope.timeout(() => this.#resend(), RETRY_MS);
  }

  #keep({ id, code, reason, field }: Refuse): void {
    const kept = this.outbox.get(id);
    // Taking back what is not there any more is done.
    if (kept?.act.kind === "undo" && code === "gone") return void this.outbox.drop(id);
    this.outbox.refuse(id, { code, reason, field: field ?? null });
    const marked = this.outbox.get(id);
    if (marked) this.#to.refused(marked);
  }
}

function refusedOf({ act, refused }: Kept): Refused[] {
  if (!refused) return [];
  const task = typeof act.task === "number" ? act.task : null;
  const values = act.kind === "submit" ? (act.values as Values) : null;
  return [{ id: act.id, kind: act.kind as Refused["kind"], task, values, ...refused }];
}

interface Facts {
  pending: number;
  /** Why acts are kept in memory only; empty when they are on disk. */
  memory: string;
  since: Date | null;
  paused: boolean;
  trouble: { since: Date; reason: string } | null;
}

function savingOf({ pending, memory, since, paused, trouble }: Facts): Saving {
  const refused = pending > 0 ? trouble : null;
  if (refused || since)
    return { state: "offline", pending, since: refused?.since ?? since, reason: refused?.reason ?? "" };
  const state = paused ? "paused" : pending === 0 ? "saved" : memory ? "memory" : "saving";
  return { state, pending, since: null, reason: memory };
}
