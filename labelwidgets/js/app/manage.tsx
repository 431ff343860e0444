/** The part with the manager's page: how a project goes, who works on it, what comes first, and its end. */

import { useState } from "preact/hooks";
import { Button } from "../ui/control.tsx";
import { Icon } from "../ui/icons.tsx";
import { counted } from "../ui/words.ts";
import type { ManageData } from "./acts.ts";
import { type Condition, Filters, whereInWords, whereOf } from "./filters.tsx";
import { Ask, Input, Line, useDoing } from "./forms.tsx";
import type { ManageProps } from "./later.tsx";
import { Overview } from "./overview.tsx";
import { AppIcon, Heading, save } from "./parts.tsx";
import { People } from "./people.tsx";
import { called } from "./words.ts";

const TABS = ["Overview", "People", "Order", "Project"] as const;
type Tab = (typeof TABS)[number];

/** Which tasks come first, told by their columns. */
function Order({ shell, data }: ManageProps) {
  const [conditions, setConditions] = useState<Condition[]>([]);
  const [priority, setPriority] = useState("100");
  const [done, setDone] = useState("");
  const doing = useDoing(shell);
  const where = whereOf(conditions, data.columns ?? []);
  const put = async () => {
    setDone("");
    const fields = { project: data.project.name, where, priority: Number(priority) };
    const answered = await doing.run("prioritize", fields, "Order changed.");
    const n = Number(answered?.reply.n ?? 0);
    if (answered) setDone(`${counted(n, "task")} changed: ${whereInWords(where)}.`);
  };
  const count = async () => {
    setDone("");
    const answered = await doing.run("count", { project: data.project.name, where }, "");
    if (answered) setDone(`${counted(Number(answered.reply.n), "task")} meant: ${whereInWords(where)}.`);
  };
  return (
    <section class="lw-a-block" aria-labelledby="lw-a-order">
      <h2 id="lw-a-order">What comes first</h2>
      <p>
        Tasks with a higher number come earlier; equal ones in the project's own order. Without a number it is
        0.
      </p>
      <form
        class="lw-a-order"
        onSubmit={(event) => {
          event.preventDefault();
          void put();
        }}
      >
        <Filters
          id="lw-first"
          columns={data.columns ?? []}
          conditions={conditions}
          onChange={(changed) => {
            setDone("");
            setConditions(changed);
          }}
        />
        <Line says="When">
          {(control) => (
            <select
              {...control}
              class="lw-input"
              value={priority}
              onChange={(event) => setPriority(event.currentTarget.value)}
            >
              <option value="100">first (100)</option>
              <option value="10">early (10)</option>
              <option value="0">as usual (0)</option>
              <option value="-100">last (−100)</option>
            </select>
          )}
        </Line>
        <div class="lw-line">
          <button type="submit" class="lw-button lw-first" aria-disabled={doing.busy}>
            Set the order
          </button>
          <button
            type="button"
            class="lw-button lw-edged"
            aria-disabled={doing.busy}
            onClick={({ currentTarget }) => currentTarget.form?.reportValidity() && void count()}
          >
            Count them
          </button>
          <span role="status">{done}</span>
        </div>
        {doing.trouble && (
          <p class="lw-trouble" role="alert">
            <Icon name="warn" />
            <span>{doing.trouble}</span>
          </p>
        )}
      </form>
    </section>
  );
}

function CloneDialog({ shell, data, onClose }: ManageProps & { onClose: () => void }) {
  const [name, setName] = useState(`${data.project.name}-2`);
  const [items, setItems] = useState(true);
  const doing = useDoing(shell);
  const clone = async () => {
    const done = await doing.run(
      "clone",
      { project: data.project.name, name: name.trim(), items },
      `${name} made.`,
    );
    if (!done) return;
    onClose();
    void shell.go("manage", done.reply.project as string);
  };
  return (
    <Ask
      title="Begin the same again"
      says="Make it"
      doing={doing}
      onClose={onClose}
      onSubmit={() => void clone()}
    >
      <p>
        A new project with the same questions, instructions, order and access of groups, and no answers yet.
      </p>
      <Input says="Name" value={name} onInput={setName} required autofocus />
      <label class="lw-line">
        <input type="checkbox" checked={items} onChange={(event) => setItems(event.currentTarget.checked)} />
        with the same tasks
      </label>
    </Ask>
  );
}

function ArchiveDialog({ shell, data, onClose }: ManageProps & { onClose: () => void }) {
  const doing = useDoing(shell);
  const { name } = data.project;
  const archive = async () => {
    if (await doing.run("archive", { project: name, archived: true }, `${name} archived.`)) onClose();
  };
  return (
    <Ask
      title={`Archive ${name}?`}
      says="Archive"
      grave
      doing={doing}
      onClose={onClose}
      onSubmit={() => void archive()}
    >
      <ul class="lw-a-consequences">
        <li>Nobody is offered a task of it any more; {counted(data.progress.open, "task")} stay open.</li>
        <li>
          {data.progress.leased > 0
            ? `Of ${counted(data.progress.leased, "task")} in somebody's hands, answers are refused from now on.`
            : "Nobody holds a task of it now."}
        </li>
        <li>Everything that was answered stays, and can be read and exported.</li>
        <li>It can be taken back at any time.</li>
      </ul>
    </Ask>
  );
}

function ProjectTab({ shell, data }: ManageProps) {
  const [asked, setAsked] = useState<"clone" | "archive" | null>(null);
  const doing = useDoing(shell);
  const { name, archived } = data.project;
  const download = async () => {
    const done = await doing.run("template", { project: name }, "Template made.");
    if (done) save(done.buffers[0], `${name}.template.json`);
  };
  return (
    <section class="lw-a-block" aria-labelledby="lw-a-project">
      <h2 id="lw-a-project">Project</h2>
      <dl class="lw-a-things">
        <div>
          <dt>Template</dt>
          <dd>
            Its questions, instructions, order and access by group as a file, to begin the same elsewhere:{" "}
            <code>labelwidgets init --from FILE</code>.
          </dd>
          <dd>
            <button type="button" class="lw-button lw-edged" onClick={() => void download()}>
              <AppIcon name="load" />
              Download
            </button>
          </dd>
        </div>
        <div>
          <dt>Begin again</dt>
          <dd>A new project like this one, without answers.</dd>
          <dd>
            <Button
              says="Clone"
              look="edged"
              disabled={!shell.me.value?.may.includes("manage")}
              onClick={() => setAsked("clone")}
            />
          </dd>
        </div>
        <div>
          <dt>{archived ? "Archived" : "Archive"}</dt>
          <dd>
            {archived
              ? "It is offered to nobody, and opens for reading only."
              : "No longer offered; everything is kept."}
          </dd>
          <dd>
            {archived ? (
              <Button
                says="Take it back"
                look="edged"
                onClick={() =>
                  void doing.run("archive", { project: name, archived: false }, `${name} is back.`)
                }
              />
            ) : (
              <Button says="Archive" look="edged" onClick={() => setAsked("archive")} />
            )}
          </dd>
        </div>
      </dl>
      {doing.trouble && (
        <p class="lw-trouble" role="alert">
          <Icon name="warn" />
          <span>{doing.trouble}</span>
        </p>
      )}
      {asked === "clone" && <CloneDialog shell={shell} data={data} onClose={() => setAsked(null)} />}
      {asked === "archive" && <ArchiveDialog shell={shell} data={data} onClose={() => setAsked(null)} />}
    </section>
  );
}

function panelOf(tab: Tab, props: ManageProps) {
  switch (tab) {
    case "People":
      return <People {...props} />;
    case "Order":
      return <Order {...props} />;
    case "Project":
      return <ProjectTab {...props} />;
    default:
      return <Overview data={props.data} />;
  }
}

function Tabs({ tabs, tab, onTab }: { tabs: readonly Tab[]; tab: Tab; onTab: (tab: Tab) => void }) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by && tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onTab(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div class="lw-a-tabs" role="tablist" aria-label="Parts of this page" onKeyDown={onKeyDown}>
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`lw-a-tab-${name}`}
          data-tab={name}
          class="lw-a-tab"
          aria-selected={name === tab}
          aria-controls="lw-a-panel"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onTab(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

export function Manage(props: ManageProps) {
  const { data, shell } = props;
  const [tab, setTab] = useState<Tab>("Overview");
  const tabs: readonly Tab[] = managed(data) ? TABS : ["Overview"];
  return (
    <div class="lw-a-page">
      <Heading beside={tabs.length > 1 && <Tabs tabs={tabs} tab={tab} onTab={setTab} />}>
        Manage <span class="lw-a-of lw-cut">{called(data.project.name, shell.state.title)}</span>
      </Heading>
      {data.project.archived && (
        <p class="lw-a-notice" role="status">
          This project is archived: it opens for reading only.
        </p>
      )}
      <div
        {...(tabs.length > 1
          ? { id: "lw-a-panel", role: "tabpanel", "aria-labelledby": `lw-a-tab-${tab}` }
          : {})}
      >
        {panelOf(tab, props)}
      </div>
    </div>
  );
}

function managed(data: ManageData): boolean {
  return data.people !== null;
}
