/** The app in a page: who is there, which page is shown, and whether the kernel behind it lives. */

import { Link } from "../core/link.ts";
import { type Answered, type Host, Questions, Refusal, type Show } from "../core/model.ts";
import type { ActKind, Json } from "../core/protocol.ts";
import type { Scope } from "../core/scope.ts";
import { batch, Cell } from "../core/signal.ts";
import type { AppActKind, AppState, Me, Project } from "./acts.ts";
import { askKernel, askTicket, type Config } from "./gate.ts";
import { addressOf, isOfProject, type PageName, type Place, placeOf } from "./place.ts";

/**
 * - `opening`: nobody is there yet;
 * - `in`: all is well;
 * - `out`, `barred`, `ended`: nobody is signed in; the page is somebody else's; access has ended;
 * - `away`: the server can't be reached, or does not answer;
 * - `gone`: the page's kernel was ended, or restarted: only a new page goes on.
 */
export type Stage = "opening" | "in" | "out" | "barred" | "ended" | "away" | "gone";

/** A page with what it shows, or the reason why it can't be shown. */
export interface Opened {
  readonly place: Place;
  readonly data: unknown;
  readonly reason: string;
}

/** How often a page that shows numbers asks for newer ones. */
const FRESH_MS = 5_000;
/** What people, goals and leases are is asked for anew this often, even when nobody has answered. */
const STALE_MS = 30_000;
const PROBE_MS = 10_000;
const SLOW_MS = 60_000;

export interface ShellOptions {
  config: Config | null;
  show: Show;
  /** Where the address stands; none in a notebook, whose address is not ours. */
  history?: History;
  fetch?: typeof fetch;
}

export class Shell {
  readonly scope: Scope;
  readonly state: AppState;
  readonly config: Config | null;
  readonly show: Show;
  readonly stage = new Cell<Stage>("opening");
  /** More about the stage, for people; mostly empty. */
  readonly why = new Cell("");
  readonly me = new Cell<Me | null>(null);
  readonly projects = new Cell<readonly Project[]>([]);
  /** Where one is, or is going. */
  readonly place: Cell<Place>;
  readonly opened = new Cell<Opened | null>(null);
  readonly busy = new Cell(false);
  readonly said = new Cell("");
  /** The task that the label page is to lay on the desk, answered before. */
  readonly wanted = new Cell<number | null>(null);
  readonly #questions: Questions;
  readonly #link: Link;
  readonly #history: History | undefined;
  readonly #fetch: typeof fetch;
  #turn = 0;
  #last: string | null = null;
  #asked = 0;
  #silences = 0;

  constructor(host: Host, scope: Scope, options: ShellOptions) {
    this.scope = scope;
    this.state = host.get("state") as AppState;
    this.config = options.config;
    this.show = options.show;
    this.#history = options.config ? options.history : undefined;
    this.#fetch = options.fetch ?? ((...given) => fetch(...given));
    this.place = new Cell(this.#address());
    // The two tables of acts have one form.
    this.#questions = new Questions((act) => {
      this.#link.sent();
      host.send(act);
    }, scope);
    this.#link = new Link(scope, () => void this.#beat());
    host.onMessage((reply, buffers) => {
      const back = this.#link.heard();
      if (reply.kind !== "push") this.#questions.take(reply, buffers);
      if (back) this.#returned();
    });
    scope.own(this.#link.state.subscribe(({ since }) => since && void this.#probe()));
    scope.interval(() => void this.#refresh(), FRESH_MS);
    if (this.#history) scope.listen(window, "popstate", () => void this.#visit(this.#address(), false));
  }

  /** Where the app lies, "/" at the least; what a link to a person begins with. */
  get base(): string {
    return this.config?.base ?? "/";
  }

  /** Hands in a ticket and shows the page of the address. */
  async open(): Promise<void> {
    this.stage.set("opening");
    const ticket = this.state.ticket ? await this.#ticket() : "";
    if (ticket === null) return;
    try {
      const { page, project } = this.place.value;
      const { reply } = await this.#ask("enter", { ticket, page, project });
      batch(() => {
        this.me.set(reply.me as unknown as Me);
        this.stage.set("in");
        this.why.set("");
        this.#take(reply);
        this.#arrive(reply.opened as unknown as Arrived, false);
      });
    } catch (error) {
      this.#refused(error, "barred");
    }
  }

  /** Counts as work: an app that nobody uses lets its kernel end. */
  touched(): void {
    this.#link.input();
  }

  hide(hidden: boolean): void {
    this.#link.hide(hidden);
  }

  /** The project that is spoken of: that of the address, else that of the page before, else the one worked on last. */
  get project(): Project | null {
    const named = this.place.value.project ?? this.#last;
    const found = this.projects.value.find(({ name }) => name === named);
    return found ?? this.projects.value.find(({ archived }) => !archived) ?? this.projects.value[0] ?? null;
  }

  /** Pages that this person has any use for. */
  pages(): PageName[] {
    const { project } = this;
    const can = (capability: string) => project?.may.includes(capability) ?? false;
    const first: PageName[] = can("label") && !project?.archived ? ["label"] : [];
    const own: PageName[] = can("label") ? ["work"] : [];
    return [...first, ...own, ...(can("read") ? ["manage" as const] : []), "about"];
  }

  /** The address of a page, for links; of the project that is spoken of when none is named. */
  href(page: PageName, project: string | null = this.project?.name ?? null): string {
    return addressOf({ page, project }, this.base);
  }

  /** Goes to a page; the task is one answered before, to look at or change. */
  go(page: PageName, project: string | null = this.project?.name ?? null, task: number | null = null) {
    this.wanted.set(task);
    return this.#visit({ page, project: isOfProject(page) ? project : null }, true);
  }

  /** An act of this page; what it changes is shown anew. Throws with the kernel's reason. */
  async act(kind: AppActKind, fields: Record<string, Json> = {}): Promise<Answered> {
    const answered = await this.#ask(kind, fields);
    this.#take(answered.reply);
    await this.#beat(true);
    return answered;
  }

  /** A question that changes nothing. */
  ask(kind: AppActKind, fields: Record<string, Json> = {}): Promise<Answered> {
    return this.#ask(kind, fields);
  }

  say(text: string): void {
    this.said.set(text);
  }

  reload(): void {
    globalThis.location.reload();
  }

  /** To the sign-in page and back to where one is. */
  get signIn(): string {
    const { pathname, search } = globalThis.location;
    return `${this.base}login?next=${encodeURIComponent(pathname + search)}`;
  }

  // What comes and goes.

  async #ticket(): Promise<string | null> {
    if (!this.config) {
      this.#bar("barred", "This page was not made by labelwidgets.");
      return null;
    }
    const gate = await askTicket(this.config, this.#fetch);
    if (gate.says === "ticket") return gate.ticket;
    this.#bar(gate.says, gate.reason);
    if (gate.says === "away") this.scope.timeout(() => this.me.value ?? void this.open(), PROBE_MS);
    return null;
  }

  #ask(kind: AppActKind, fields: Record<string, Json>): Promise<Answered> {
    const signal = AbortSignal.any([this.scope.abortSignal, AbortSignal.timeout(SLOW_MS)]);
    return this.#questions.ask(kind as ActKind, fields, signal).catch((error) => {
      if (error instanceof Refusal && error.code === "ended") this.#bar("ended", error.message);
      throw error instanceof Refusal ? error : new Error("The server has not answered. Try again.");
    });
  }

  async #visit(place: Place, push: boolean): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const whole = isOfProject(place.page) && !place.project ? this.#somewhere(place.page) : place;
    this.place.set(whole);
    if (push) this.#write(whole);
    this.busy.set(true);
    try {
      const { reply } = await this.#ask("open", { page: whole.page, project: whole.project });
      if (turn !== this.#turn) return;
      batch(() => {
        this.#take(reply);
        this.#arrive(reply as unknown as Arrived, true);
      });
    } catch (error) {
      if (turn === this.#turn)
        this.opened.set({ place: whole, data: null, reason: (error as Error).message });
    } finally {
      if (turn === this.#turn) this.busy.set(false);
    }
  }

  /** A page of no project named: of the one that was worked on last. */
  #somewhere(page: PageName): Place {
    const name = this.project?.name ?? null;
    return name ? { page, project: name } : { page: "projects", project: null };
  }

  #arrive({ page, project, data = null, reason = "" }: Arrived, asked: boolean): void {
    const place = { page, project: project ?? null };
    this.#last = place.project ?? this.#last;
    this.#asked = Date.now();
    this.place.set(place);
    if (!asked) this.#write(place, true);
    this.opened.set({ place, data, reason });
  }

  #take(reply: { [field: string]: Json }): void {
    if (Array.isArray(reply.projects)) this.projects.set(reply.projects as unknown as Project[]);
  }

  #address(): Place {
    if (!this.#history) return this.place?.value ?? { page: "projects", project: null };
    return placeOf(globalThis.location.pathname, this.base);
  }

  #write(place: Place, instead = false): void {
    const address = addressOf(place, this.base);
    if (!this.#history || address === globalThis.location.pathname) return;
    if (instead) this.#history.replaceState(null, "", address);
    else this.#history.pushState(null, "", address);
  }

  /** Newer numbers, while somebody looks at them. */
  async #refresh(): Promise<void> {
    const { page } = this.place.value;
    const idle = document.hidden || this.#link.state.value.paused || this.#link.state.value.since !== null;
    if (this.stage.value === "in" && !idle && (page === "work" || page === "manage")) await this.#beat();
  }

  async #beat(whole = false): Promise<void> {
    const shown = this.opened.value;
    if (!shown || !this.me.value || this.busy.value) return;
    const { page, project } = shown.place;
    const known = (shown.data as { revision?: number } | null)?.revision ?? null;
    const since = whole || Date.now() - this.#asked > STALE_MS ? null : known;
    const { reply } = await this.#ask("fresh", { page, project, since }).catch(() => ({ reply: null }));
    if (!reply?.data || this.opened.value !== shown) return;
    this.#asked = Date.now();
    this.opened.set({ ...shown, data: reply.data });
  }

  // When nothing comes.

  async #probe(): Promise<void> {
    if (this.#link.state.value.since === null || this.scope.disposed) return;
    this.#silences += 1;
    const kernel = this.config ? await askKernel(this.config, this.#fetch) : "there";
    if (this.#link.state.value.since === null) return;
    if (kernel === "out") return this.#bar("out", "");
    // A restarted kernel has no widget behind this page; a busy one answers sooner or later.
    if (kernel === "gone") return this.#bar("gone", "");
    this.#bar("away", kernel === "there" ? "The server is busy, or was restarted." : "");
    this.scope.timeout(() => void this.#probe(), PROBE_MS);
  }

  #returned(): void {
    this.#silences = 0;
    if (this.stage.value !== "away" || !this.me.value) return;
    this.stage.set("in");
    this.why.set("");
    this.say("The server answers again.");
  }

  /** How long it has been silent, in probes: after a few, a new page is the better offer. */
  get silences(): number {
    return this.#silences;
  }

  #bar(stage: Stage, why: string): void {
    batch(() => {
      this.stage.set(stage);
      this.why.set(why);
    });
  }

  #refused(error: unknown, stage: Stage): void {
    if (this.stage.value === "ended") return;
    this.#bar(error instanceof Refusal ? stage : "away", (error as Error).message);
  }
}

interface Arrived {
  page: PageName;
  project: string | null;
  data?: unknown;
  reason?: string;
}
