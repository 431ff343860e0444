/** All projects that are open to somebody, each with the one thing to do next. */

import { useState } from "preact/hooks";
import { EMPTY, FIND } from "../ui/drawings.ts";
import { Icon } from "../ui/icons.tsx";
import { useSignal } from "../ui/useSignal.ts";
import { counted } from "../ui/words.ts";
import type { Project } from "./acts.ts";
import { AppIcon, Heading, Meter, PageLink, When } from "./parts.tsx";
import type { PageName } from "./place.ts";
import type { Shell } from "./shell.ts";
import { called, doneShare, found, number } from "./words.ts";

/** From this many on they are found by typing. */
const MANY = 9;

interface CardProps {
  shell: Shell;
  project: Project;
  /** The one that is gone on with most likely. */
  first: boolean;
}

function next({ may, archived, open, mine, total }: Project): { page: PageName; says: string } | null {
  if (may.includes("label") && !archived && (open > 0 || total === 0))
    return { page: "label", says: mine > 0 ? "Go on" : "Begin" };
  if (may.includes("label") && !archived) return { page: "work", says: "Look at my answers" };
  return may.includes("read") ? { page: "manage", says: "Look at the answers" } : null;
}

function Card({ shell, project, first }: CardProps) {
  const { name, kind, fields, total, done, mine, goal, archived } = project;
  const act = next(project);
  const share = doneShare(project);
  const says = `${number(done)} of ${number(total)} done`;
  return (
    <li class={`lw-a-card${archived ? " lw-a-old" : ""}`}>
      <h2 class="lw-cut" dir="auto" title={name}>
        {called(name, shell.state.title)}
      </h2>
      <p class="lw-muted lw-cut" dir="auto" title={fields.join(", ")}>
        {kind}
        {fields.length > 0 && ` · ${fields.join(", ")}`}
      </p>
      <div class="lw-a-done">
        <Meter share={share} says={says} label={`${name}: done`} />
        <span>{total > 0 ? `${Math.floor(share * 100)} %` : ""}</span>
      </div>
      <dl class="lw-a-facts">
        <div>
          <dt>Done</dt>
          <dd>
            {number(done)} <span class="lw-muted">of {number(total)}</span>
          </dd>
        </div>
        <div>
          <dt>You</dt>
          <dd>
            {number(mine)} {goal !== null && <span class="lw-muted">of {number(goal)}</span>}
          </dd>
        </div>
        <div>
          <dt>Last</dt>
          <dd>
            <When at={project.last_at} />
          </dd>
        </div>
      </dl>
      <div class="lw-line">
        {act && (
          <PageLink
            shell={shell}
            page={act.page}
            project={name}
            class={`lw-button ${first ? "lw-first" : "lw-edged"}`}
          >
            {act.says}
            <span class="lw-unseen"> with {name}</span>
          </PageLink>
        )}
        {project.may.includes("read") && act?.page !== "manage" && (
          <PageLink shell={shell} page="manage" project={name} class="lw-button">
            <AppIcon name="manage" />
            Manage
            <span class="lw-unseen"> {name}</span>
          </PageLink>
        )}
        {archived && <span class="lw-a-chip">archived</span>}
      </div>
    </li>
  );
}

export function ProjectsPage({ shell }: { shell: Shell }) {
  const projects = useSignal(shell.projects);
  const me = useSignal(shell.me);
  const [query, setQuery] = useState("");
  const [old, setOld] = useState(false);
  const archived = projects.filter((project) => project.archived).length;
  const offered = projects.filter((project) => old || !project.archived);
  const rows = offered.filter(({ name, kind, fields }) => found([name, kind, ...fields].join(" "), query));
  const first = rows.find((project) => project.open > 0 && project.may.includes("label"));
  return (
    <div class="lw-a-page">
      <Heading
        beside={
          archived > 0 && (
            <button type="button" class="lw-button lw-edged" aria-pressed={old} onClick={() => setOld(!old)}>
              {old ? "Hide the archived" : `Show ${counted(archived, "archived project")}`}
            </button>
          )
        }
      >
        Projects
      </Heading>
      {offered.length >= MANY && (
        <div class="lw-search lw-a-narrowing">
          <Icon name={FIND} />
          <input
            class="lw-input"
            type="search"
            aria-label="Find a project"
            placeholder={`Find one of ${number(offered.length)}…`}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </div>
      )}
      {rows.length > 0 ? (
        <ul class="lw-a-cards">
          {rows.map((project) => (
            <Card key={project.name} shell={shell} project={project} first={project === first} />
          ))}
        </ul>
      ) : (
        <Nothing query={query} manages={me?.may.includes("manage") ?? false} />
      )}
    </div>
  );
}

function Nothing({ query, manages }: { query: string; manages: boolean }) {
  if (query) return <p class="lw-a-nothing">No project has "{query}" in its name.</p>;
  return (
    <div class="lw-a-nothing">
      <Icon name={EMPTY} />
      <h2>No project for you yet</h2>
      <p class="lw-muted">
        {manages
          ? "A project is made by whoever has its data: lw.Session(store, data=…, schema=…, name=…). It then stands here."
          : "Ask whoever invited you to assign you to one; it appears here when you load this page again."}
      </p>
    </div>
  );
}
