/** The surface for an item one only looks at: a picture, a text, or a row of a table. */

import { render, type VNode } from "preact";
import type { Desk, DeskTask } from "../core/desk.ts";
import type { SchemaJson, State } from "../core/protocol.ts";
import type { Scope } from "../core/scope.ts";
import { cell, Facts } from "./facts.tsx";
import { Picture } from "./picture.ts";
import type { SurfaceHandle } from "./surface.ts";

/** The text of an item: its bytes where it has any, else the column that is not merely shown beside it. */
export function textOf({ push, media }: DeskTask, beside: readonly string[]): string {
  if (push.media.text !== undefined) return push.media.text;
  if (media) return new TextDecoder().decode(media);
  const names = Object.keys(push.data);
  const name = names.find((each) => !beside.includes(each)) ?? names.at(-1);
  return name === undefined ? "" : cell(push.data[name]);
}

function Reading({ text }: { text: string }) {
  return (
    <section class="lw-reading" aria-label="Text" tabIndex={0}>
      <div dir="auto">{text}</div>
    </section>
  );
}

function Card({ task, asked }: { task: DeskTask; asked: readonly string[] }) {
  const { data } = task.push;
  return (
    <section class="lw-card" aria-label="Row" tabIndex={0}>
      <Facts data={data} columns={Object.keys(data).filter((column) => !asked.includes(column))} />
    </section>
  );
}

/** Columns that stand beside the item already: what is compared, ranked or corrected. */
function askedIn({ fields }: SchemaJson): string[] {
  return fields.flatMap((field) => {
    if (field.kind === "pairwise") return field.columns ?? [];
    return field.kind === "ranking" ? (field.column ?? []) : field.kind === "text" ? (field.begin ?? []) : [];
  });
}

function words(task: DeskTask, { options, schema }: State): VNode | null {
  if (task.push.media.broken !== undefined || task.push.media.kind === "image") return null;
  // A new key scrolls the next text to its beginning.
  if (task.push.media.kind === "row") return <Card key={task.push.id} task={task} asked={askedIn(schema)} />;
  return <Reading key={task.push.id} text={textOf(task, options.columns)} />;
}

/** Shows the task of the desk, whatever it is, until `scope` ends. */
export function itemSurface(host: HTMLElement, desk: Desk, scope: Scope): SurfaceHandle {
  const page = host.ownerDocument;
  const words_host = page.createElement("div");
  const picture_host = page.createElement("div");
  host.replaceChildren(picture_host, words_host);
  let picture: Picture | null = null;
  const show = () => {
    const task = desk.task.value;
    const isPicture = task?.push.media.kind === "image" && task.push.media.broken === undefined;
    picture_host.hidden = !isPicture;
    if (task && isPicture) {
      picture ??= new Picture(picture_host, desk, scope);
      picture.show(task);
    }
    render(task ? words(task, desk.state.value) : null, words_host);
  };
  show();
  scope.own(desk.task.subscribe(show));
  scope.own(() => render(null, words_host));
  return { focus: () => host.closest<HTMLElement>(".lw-root")?.focus({ preventScroll: true }) };
}
