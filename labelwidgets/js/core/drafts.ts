/** Unsubmitted work, kept as it grows: in the outbox soon after each change, in the kernel when hands rest. */
import { plainValues, sameJson } from "./annotations.ts";
import type { Courier } from "./courier.ts";
import type { TaskPush, Values } from "./protocol.ts";
import type { Scope } from "./scope.ts";
import { keyOf } from "./tray.ts";

/** Saving may take a twentieth of the time: at once for a choice, now and then for 20,000 regions. */
const SHARE = 20;
const LONGEST_MS = 1_000;
const KERNEL_MS = 5_000;

interface Begun {
  task: TaskPush;
  /** What stands there when nothing has been done. */
  base: Values;
  values: () => Values;
}

export class Drafts {
  readonly #courier: Courier;
  readonly #scope: Scope;
  #begun: Begun | null = null;
  #disk: (() => void) | null = null;
  #kernel: (() => void) | null = null;
  #pause_ms = 0;
  /** Whether the kernel has a draft of this task, which then must be taken back. */
  #told = false;

  constructor(courier: Courier, scope: Scope) {
    this.#courier = courier;
    this.#scope = scope;
  }

  /** Another task is on the desk; what was begun before has been flushed or submitted. */
  start(begun: Begun | null): void {
    this.#cancel();
    this.#begun = begun;
    this.#told = begun !== null && begun.task.draft !== null;
  }

  changed(): void {
    this.#disk ??= this.#scope.timeout(() => this.#save(), this.#pause_ms);
    this.#kernel?.();
    this.#kernel = this.#scope.timeout(() => this.#tell(), KERNEL_MS);
  }

  /** Saves what is not saved yet: the task leaves the desk, or the page goes. */
  flush(): void {
    const [disk, kernel] = [this.#disk, this.#kernel];
    this.#cancel();
    if (disk) this.#save();
    if (kernel) this.#tell();
  }

  #save(): void {
    this.#disk = null;
    if (!this.#begun) return;
    const { task, base, values } = this.#begun;
    const begin = performance.now();
    if (sameJson(base, values())) this.#courier.outbox.dropDraft(keyOf(task));
    else this.#courier.outbox.saveDraft(keyOf(task), values());
    this.#pause_ms = Math.min(SHARE * (performance.now() - begin), LONGEST_MS);
  }

  #tell(): void {
    this.#kernel = null;
    if (!this.#begun) return;
    const { task, base, values } = this.#begun;
    const done = !sameJson(base, values());
    if (done || this.#told) {
      this.#courier.tell("draft", { task: task.id, values: done ? plainValues(values()) : null });
    }
    this.#told = done;
  }

  #cancel(): void {
    this.#disk?.();
    this.#kernel?.();
    this.#disk = null;
    this.#kernel = null;
  }
}
