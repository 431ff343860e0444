/** Who may work on a project: invitations, roles, groups, which tasks and how many. */

import { useState } from "preact/hooks";
import type { Json } from "../core/protocol.ts";
import { Button } from "../ui/control.tsx";
import { Icon } from "../ui/icons.tsx";
import { counted } from "../ui/words.ts";
import type { Assignment, Invitation, ManageData, Person } from "./acts.ts";
import { type Condition, conditionsOf, Filters, whereInWords, whereOf } from "./filters.tsx";
import { Ask, Input, Line, RoleSelect, useDoing, words } from "./forms.tsx";
import { AppIcon, Dialog, When } from "./parts.tsx";
import type { Shell } from "./shell.ts";
import { type Column, Table } from "./table.tsx";
import { moment, number, role } from "./words.ts";

interface AskedProps {
  shell: Shell;
  data: ManageData;
  onClose: () => void;
}

const TEAMS = ["internal", "external"];

function groupsOf(people: readonly Person[]): string[] {
  return [...new Set(people.flatMap(({ groups }) => groups))].sort();
}

/** The whole address that an invitation leads to. */
export function linkOf({ path, word }: Invitation, base: string, origin: string): string {
  return new URL(`${base}${path ? path.replace(/^\//, "") : `invite/${word}`}`, origin).href;
}

/** An invitation as a link, shown this once. */
function Link({ shell, invitation, onClose }: { shell: Shell; invitation: Invitation; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const link = linkOf(invitation, shell.base, globalThis.location.origin);
  const copy = (input: HTMLInputElement | null | undefined) => {
    input?.select();
    const written = navigator.clipboard?.writeText(link) ?? Promise.reject(new Error("no clipboard"));
    // Without https there is no clipboard but the old way.
    written.catch(() => document.execCommand?.("copy")).then(() => setCopied(true));
    shell.say("Link copied.");
  };
  return (
    <Dialog title="Invitation" class="lw-a-form" onClose={onClose}>
      <div class="lw-head">
        <h2 class="lw-title lw-grow" dir="auto">
          A link for {invitation.person.name}
        </h2>
        <Button says="Close" icon="close" only onClick={onClose} />
      </div>
      <div class="lw-a-inside">
        <p>
          Send it to {invitation.person.name} alone: whoever opens it first is let in and chooses a password.
          It works once, until {moment(invitation.until)}, and is shown only now; a new link ends it.
        </p>
        <div class="lw-line lw-a-link-line">
          <input
            class="lw-input"
            readOnly
            aria-label="Link"
            value={link}
            onFocus={(event) => event.currentTarget.select()}
          />
          <button
            type="button"
            class="lw-button lw-first"
            onClick={(event) => copy(event.currentTarget.parentElement?.querySelector("input"))}
          >
            <AppIcon name="copy" />
            {copied ? "Copied" : "Copy"}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

/** Which tasks, how many, as which role. */
function useAccess(data: ManageData, now: Assignment | null) {
  const [given, setGiven] = useState(now?.role ?? "annotator");
  const [conditions, setConditions] = useState<Condition[]>(conditionsOf(now?.where ?? null));
  const [goal, setGoal] = useState(now?.goal ? String(now.goal) : "");
  const fields = {
    role: given,
    // Said even when there is none: what is left out stays as it was.
    where: whereOf(conditions, data.columns ?? []) ?? {},
    goal: Number(goal) > 0 ? Math.round(Number(goal)) : 0,
  };
  const draw = (id: string) => (
    <>
      <RoleSelect roles={data.roles ?? []} value={given} onChange={setGiven} />
      <Filters id={id} columns={data.columns ?? []} conditions={conditions} onChange={setConditions} />
      <Input
        says="Goal"
        help="How many answers each is to give; none when left empty."
        type="number"
        value={goal}
        onInput={setGoal}
      />
    </>
  );
  return { fields, draw };
}

export function InviteDialog({
  shell,
  data,
  onClose,
  onInvited,
}: AskedProps & { onInvited: (made: Invitation) => void }) {
  const [person, setPerson] = useState("");
  const [name, setName] = useState("");
  const [team, setTeam] = useState("internal");
  const [groups, setGroups] = useState("");
  const access = useAccess(data, null);
  const doing = useDoing(shell);
  const project = data.project.name;
  const invite = async () => {
    const fields: Record<string, Json> = { person: person.trim(), name: name.trim(), team, project };
    const done = await doing.run(
      "invite",
      { ...fields, groups: words(groups), ...access.fields },
      `${name || person} invited.`,
    );
    if (done) onInvited(done.reply.invitation as unknown as Invitation);
  };
  return (
    <Ask
      title="Invite somebody"
      says="Make a link"
      doing={doing}
      onClose={onClose}
      onSubmit={() => void invite()}
    >
      <Input
        says="Id"
        help="Stands in every answer and stays there: a short name or number, rather than a whole name."
        value={person}
        onInput={setPerson}
        required
        autofocus
      />
      <Input says="Name" help="What people read; it can be erased later." value={name} onInput={setName} />
      <Input says="Team" value={team} onInput={setTeam} suggestions={TEAMS} />
      <Input
        says="Groups"
        help="With commas between them."
        value={groups}
        onInput={setGroups}
        suggestions={groupsOf(data.people ?? [])}
      />
      <h3 class="lw-title" dir="auto">
        In {project}
      </h3>
      {access.draw("lw-a-invite")}
    </Ask>
  );
}

function ChangeDialog({ shell, data, person, onClose }: AskedProps & { person: Person }) {
  const [name, setName] = useState(person.name);
  const [given, setGiven] = useState(person.role);
  const [team, setTeam] = useState(person.team);
  const [groups, setGroups] = useState(person.groups.join(", "));
  const doing = useDoing(shell);
  const isMe = shell.me.value?.id === person.id;
  const change = async () => {
    const fields: Record<string, Json> = {
      person: person.id,
      name: name.trim(),
      team,
      groups: words(groups),
    };
    const said = isMe || given === person.role ? fields : { ...fields, role: given };
    if (await doing.run("change", said, `${name} changed.`)) onClose();
  };
  return (
    <Ask
      title={`Change ${person.name}`}
      says="Change"
      doing={doing}
      onClose={onClose}
      onSubmit={() => void change()}
    >
      <Input says="Name" value={name} onInput={setName} autofocus />
      {!isMe && <RoleSelect roles={data.roles_everywhere ?? []} value={given} onChange={setGiven} />}
      <Input says="Team" value={team} onInput={setTeam} suggestions={TEAMS} />
      <Input
        says="Groups"
        help="With commas between them."
        value={groups}
        onInput={setGroups}
        suggestions={groupsOf(data.people ?? [])}
      />
    </Ask>
  );
}

/** What an assignment is for: somebody, or everybody of a group. */
function subjectOf(assignment: Assignment | null): string {
  return assignment ? `${assignment.group ? "group" : "person"}:${assignment.subject}` : "";
}

function AccessDialog({ shell, data, now, onClose }: AskedProps & { now: Assignment | null }) {
  const people = data.people ?? [];
  const active = people.filter((person) => person.active && !person.above);
  const [subject, setSubject] = useState(subjectOf(now) || (active[0] ? `person:${active[0].id}` : ""));
  const access = useAccess(data, now);
  const doing = useDoing(shell);
  const [kind, id] = [subject.slice(0, subject.indexOf(":")), subject.slice(subject.indexOf(":") + 1)];
  const assign = async () => {
    const fields = { project: data.project.name, [kind]: id, ...access.fields };
    if (await doing.run("assign", fields, `${id} assigned.`)) onClose();
  };
  return (
    <Ask
      title={now ? `Access of ${now.subject}` : "Give access"}
      says={now ? "Change" : "Give access"}
      doing={doing}
      onClose={onClose}
      onSubmit={() => void assign()}
    >
      {!now && (
        <Line says="Whom">
          {(control) => (
            <select
              {...control}
              class="lw-input"
              value={subject}
              onChange={(event) => setSubject(event.currentTarget.value)}
            >
              <optgroup label="People">
                {active.map((person) => (
                  <option key={person.id} value={`person:${person.id}`}>
                    {person.name === person.id ? person.id : `${person.name} (${person.id})`}
                  </option>
                ))}
              </optgroup>
              <optgroup label="Everybody of a group">
                {groupsOf(people).map((group) => (
                  <option key={group} value={`group:${group}`}>
                    {group}
                  </option>
                ))}
              </optgroup>
            </select>
          )}
        </Line>
      )}
      {access.draw("lw-a-access")}
    </Ask>
  );
}

function RemoveDialog({ shell, data, person, onClose }: AskedProps & { person: Person }) {
  const doing = useDoing(shell);
  const work = data.team.find(({ id }) => id === person.id);
  const remove = async () => {
    if (await doing.run("remove", { person: person.id }, `${person.name} removed.`)) onClose();
  };
  return (
    <Ask
      title={`Remove ${person.name}?`}
      says="Remove"
      grave
      doing={doing}
      onClose={onClose}
      onSubmit={() => void remove()}
    >
      <ul class="lw-a-consequences">
        <li>They are refused at the next thing they do, in every project, and signed out everywhere.</li>
        <li>Open invitations of theirs end.</li>
        {work && work.leases > 0 && <li>{counted(work.leases, "task")} in their hands go to others.</li>}
        <li>
          {work && work.answered > 0
            ? `Their ${counted(work.answered, "answer")} here, and those in other projects, stay under the id ${person.id}.`
            : `What they have answered stays under the id ${person.id}.`}
        </li>
        <li>They can be restored later, with the access that they had.</li>
      </ul>
    </Ask>
  );
}

/** By itself, or by a group. */
function hereOf(person: Person, project: string): Assignment[] {
  return person.projects.filter((each) => each.project === project);
}

const STATES: Record<Person["state"], string> = {
  active: "active",
  invited: "invited",
  new: "not yet invited",
  left: "left",
};

type Asked =
  | { is: "invite" }
  | { is: "change" | "remove"; person: Person }
  | { is: "access"; now: Assignment | null }
  | { is: "link"; invitation: Invitation };

export function People({ shell, data }: { shell: Shell; data: ManageData }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const doing = useDoing(shell);
  const people = data.people ?? [];
  const project = data.project.name;
  const close = () => setAsked(null);
  const assignments = inOrder(data.assignments ?? []);
  const everywhere = shell.me.value?.may.includes("manage") ?? false;
  const again = async (person: Person) => {
    const done = await doing.run("invite", { person: person.id }, `A new link for ${person.name}.`);
    if (done) setAsked({ is: "link", invitation: done.reply.invitation as unknown as Invitation });
  };
  const columns: Column<Person>[] = [
    {
      name: "Who",
      by: ({ name }) => name,
      draw: ({ id, name }) => (
        <span class="lw-a-two">
          <span class="lw-cut" dir="auto">
            {name}
          </span>
          {name !== id && (
            <span class="lw-muted lw-cut" dir="auto">
              {id}
            </span>
          )}
        </span>
      ),
    },
    {
      name: "Here",
      more: "Their role in this project",
      by: (person) => hereOf(person, project).length,
      draw: (person) => <Here assignments={hereOf(person, project)} person={person} />,
    },
    {
      name: "Team",
      by: ({ team }) => team,
      draw: ({ team, groups }) => (
        <span class="lw-a-two">
          <span>{team}</span>
          {groups.length > 0 && <span class="lw-muted lw-cut">{groups.join(", ")}</span>}
        </span>
      ),
    },
    {
      name: "State",
      by: ({ state }) => state,
      draw: ({ state }) => <span class="lw-a-chip">{STATES[state]}</span>,
    },
    { name: "Last", by: ({ last_at }) => last_at, draw: ({ last_at }) => <When at={last_at} /> },
    {
      name: "Acts",
      silent: true,
      draw: (person) => (
        <span class="lw-a-acts">
          {everywhere && !person.above && person.active && (
            <>
              <Button says="Change" onClick={() => setAsked({ is: "change", person })} />
              {person.id !== shell.me.value?.id && (
                <>
                  {/* Also for who has forgotten the password. */}
                  <Button says="New link" onClick={() => void again(person)} />
                  <Button says="Remove" onClick={() => setAsked({ is: "remove", person })} />
                </>
              )}
            </>
          )}
          {everywhere && !person.above && !person.active && (
            <Button
              says="Restore"
              onClick={() => void doing.run("restore", { person: person.id }, `${person.name} restored.`)}
            />
          )}
        </span>
      ),
    },
  ];
  return (
    <>
      <section class="lw-a-block" aria-labelledby="lw-a-people">
        <div class="lw-a-heading">
          <h2 id="lw-a-people">People</h2>
          {everywhere && (
            <button type="button" class="lw-button lw-first" onClick={() => setAsked({ is: "invite" })}>
              <AppIcon name="plus" />
              Invite somebody
            </button>
          )}
        </div>
        {doing.trouble && (
          <p class="lw-trouble" role="alert">
            <Icon name="warn" />
            <span>{doing.trouble}</span>
          </p>
        )}
        <Table
          label="People"
          columns={columns}
          rows={people}
          keyOf={({ id }) => id}
          first={{ column: "Who", down: false }}
          none="Nobody yet: invite the first."
        />
      </section>
      <section class="lw-a-block" aria-labelledby="lw-a-access">
        <div class="lw-a-heading">
          <h2 id="lw-a-access">Access to {project}</h2>
          <button
            type="button"
            class="lw-button lw-edged"
            onClick={() => setAsked({ is: "access", now: null })}
          >
            <AppIcon name="plus" />
            Give access
          </button>
        </div>
        <ul class="lw-a-assigned">
          {assignments.map((each) => (
            <li key={subjectOf(each)}>
              <span class="lw-grow">
                <b dir="auto">{each.group ? `Everybody of ${each.subject}` : nameOf(people, each.subject)}</b>{" "}
                <span class="lw-a-chip">{role(each.role)}</span>
                <span class="lw-muted lw-a-second" dir="auto">
                  {whereInWords(each.where)}
                  {each.goal !== null && ` · goal ${number(each.goal)}`}
                </span>
              </span>
              <Button says="Change" onClick={() => setAsked({ is: "access", now: each })} />
              <Button
                says="End"
                onClick={() =>
                  void doing.run(
                    "unassign",
                    { project, [each.group ? "group" : "person"]: each.subject },
                    `Access of ${each.subject} ended.`,
                  )
                }
              />
            </li>
          ))}
        </ul>
        {assignments.length === 0 && (
          <p class="lw-a-nothing">Nobody is assigned: only those who manage all projects get in.</p>
        )}
      </section>
      {asked?.is === "invite" && (
        <InviteDialog
          shell={shell}
          data={data}
          onClose={close}
          onInvited={(invitation) => setAsked({ is: "link", invitation })}
        />
      )}
      {asked?.is === "link" && <Link shell={shell} invitation={asked.invitation} onClose={close} />}
      {asked?.is === "change" && (
        <ChangeDialog shell={shell} data={data} person={asked.person} onClose={close} />
      )}
      {asked?.is === "remove" && (
        <RemoveDialog shell={shell} data={data} person={asked.person} onClose={close} />
      )}
      {asked?.is === "access" && <AccessDialog shell={shell} data={data} now={asked.now} onClose={close} />}
    </>
  );
}

function Here({ assignments, person }: { assignments: Assignment[]; person: Person }) {
  if (!person.active) return <span class="lw-muted">–</span>;
  if (assignments.length === 0) {
    const everywhere = person.role !== "annotator" && person.role !== "reviewer";
    return everywhere ? <span>{role(person.role)}</span> : <span class="lw-muted">no access</span>;
  }
  return (
    <span class="lw-a-two">
      <span>{[...new Set(assignments.map((each) => role(each.role)))].join(", ")}</span>
      {assignments.some((each) => each.where !== null) && (
        <span class="lw-muted lw-cut">{assignments.map((each) => whereInWords(each.where)).join("; ")}</span>
      )}
    </span>
  );
}

/** Groups first, then people. */
function inOrder(assignments: readonly Assignment[]): Assignment[] {
  return [...assignments].sort(
    (a, b) => Number(b.group) - Number(a.group) || a.subject.localeCompare(b.subject),
  );
}

function nameOf(people: readonly Person[], id: string): string {
  return people.find((person) => person.id === id)?.name ?? id;
}
