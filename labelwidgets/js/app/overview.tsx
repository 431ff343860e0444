/** How a project goes: tasks by state, who did what and how fast, how often each label was given. */

import { useState } from "preact/hooks";
import { Button, Swatch } from "../ui/control.tsx";
import { counted } from "../ui/words.ts";
import type { FieldCounts, LabelCount, ManageData, Work } from "./acts.ts";
import { Meter, When } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";
import { duration, mineOf, number } from "./words.ts";

const STATES = [
  ["done", "Done"],
  ["leased", "In hands"],
  ["skipped", "Skipped"],
  ["rest", "Open"],
] as const;

/** Tasks by what is to be done with each; every task counts once. */
export function states({ total, done, leased, skipped }: ManageData["progress"]): Record<string, number> {
  const held = Math.min(leased, Math.max(0, total - done));
  const passed = Math.min(skipped, Math.max(0, total - done - held));
  return { done, leased: held, skipped: passed, rest: Math.max(0, total - done - held - passed) };
}

function Tasks({ progress }: { progress: ManageData["progress"] }) {
  const counts = states(progress);
  const says = STATES.map(([name, words]) => `${number(counts[name] ?? 0)} ${words.toLowerCase()}`).join(
    ", ",
  );
  return (
    <section class="lw-a-block" aria-labelledby="lw-a-tasks">
      <h2 id="lw-a-tasks">
        {counted(progress.total, "task")}{" "}
        <span class="lw-muted">· {counted(progress.people, "person", "people")} at work</span>
      </h2>
      <div class="lw-a-stack" role="img" aria-label={says}>
        {STATES.map(([name]) => (
          <i key={name} data-state={name} style={{ flexGrow: counts[name] }} hidden={counts[name] === 0} />
        ))}
      </div>
      <dl class="lw-a-figures">
        {STATES.map(([name, words]) => (
          <div key={name} class="lw-a-fact">
            <dt>
              <i class="lw-a-dot" data-state={name} aria-hidden="true" />
              {words}
            </dt>
            <dd>{number(counts[name] ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** "4.5/h", "1,234/h"; a dash for what is not known. */
export function pace(perHour: number | null): string {
  if (perHour === null) return "–";
  return `${perHour < 9.95 ? perHour.toFixed(1) : number(Math.round(perHour))}/h`;
}

const TEAM: readonly Column<Work>[] = [
  {
    name: "Who",
    by: ({ name }) => name,
    draw: ({ id, name, team, active }) => (
      <span class="lw-a-whom">
        <span class="lw-cut" dir="auto" title={id}>
          {name || id || "All"}
        </span>
        {team !== "internal" && team !== "" && team !== name && <span class="lw-a-chip">{team}</span>}
        {!active && <span class="lw-a-chip">left</span>}
      </span>
    ),
  },
  {
    name: "Answers",
    numeric: true,
    by: ({ answered }) => answered,
    draw: (work) => (
      <span class="lw-a-goal">
        {mineOf(work)}
        {work.goal !== null && (
          <Meter
            share={work.answered / work.goal}
            says={mineOf(work)}
            label={`Goal of ${work.name || work.id}`}
          />
        )}
      </span>
    ),
  },
  { name: "Today", numeric: true, by: ({ today }) => today, draw: ({ today }) => number(today) },
  { name: "Skipped", numeric: true, by: ({ skipped }) => skipped, draw: ({ skipped }) => number(skipped) },
  {
    name: "Rejected",
    numeric: true,
    by: ({ rejected }) => rejected,
    draw: ({ rejected }) => number(rejected),
  },
  {
    name: "Pace",
    more: "Answers per hour of time spent on them",
    numeric: true,
    by: ({ per_hour }) => per_hour,
    draw: ({ per_hour }) => pace(per_hour),
  },
  {
    name: "Per answer",
    more: "Median time, without pauses",
    numeric: true,
    by: ({ median_seconds }) => median_seconds,
    draw: ({ median_seconds }) => duration(median_seconds) || "–",
  },
  {
    name: "Time",
    more: "Time spent, without pauses",
    numeric: true,
    by: ({ seconds }) => seconds,
    draw: ({ seconds }) => (seconds > 0 ? duration(seconds) : "–"),
  },
  {
    name: "In hands",
    more: "Tasks that they hold now",
    numeric: true,
    by: ({ leases }) => leases,
    draw: ({ leases }) => number(leases),
  },
  { name: "Last", by: ({ last_at }) => last_at, draw: ({ last_at }) => <When at={last_at} /> },
];

/** So many labels of a field are shown at first. */
const SOME = 12;

function Bars({ field }: { field: FieldCounts }) {
  const [all, setAll] = useState(false);
  const rows = field.labels ?? [];
  const most = Math.max(1, ...rows.map(({ n }) => n));
  const sum = rows.reduce((total, { n }) => total + n, 0);
  return (
    <div class="lw-a-bars">
      <h3 class="lw-title" dir="auto">
        {field.title} <span class="lw-muted">{number(sum)}</span>
      </h3>
      {rows.length === 0 && <p class="lw-muted">Nothing yet.</p>}
      <ul>
        {(all ? rows : rows.slice(0, SOME)).map((label) => (
          <Bar key={label.title} label={label} share={label.n / most} of={sum} />
        ))}
      </ul>
      {rows.length > SOME && (
        <Button says={all ? "Fewer" : `${number(rows.length - SOME)} more`} onClick={() => setAll(!all)} />
      )}
    </div>
  );
}

function Bar({ label, share, of }: { label: LabelCount; share: number; of: number }) {
  const percentage = of > 0 ? `${Math.round((100 * label.n) / of)} %` : "";
  return (
    <li title={`${label.title}: ${number(label.n)} (${percentage})`}>
      <span class="lw-a-whom">
        <Swatch color={label.color || undefined} place={label.place} />
        <span class="lw-cut" dir="auto">
          {label.title}
        </span>
      </span>
      <span class="lw-a-bar">
        <i style={{ width: `${100 * share}%` }} />
      </span>
      <span class="lw-a-num">{number(label.n)}</span>
      <span class="lw-a-num lw-muted">{percentage}</span>
    </li>
  );
}

function Facts({ field }: { field: FieldCounts }) {
  return (
    <div class="lw-a-bars">
      <h3 class="lw-title" dir="auto">
        {field.title}
      </h3>
      <p class="lw-muted">
        {(field.facts ?? []).map(({ title, n }) => `${title} ${number(n)}`).join(" · ") || "Nothing yet."}
      </p>
    </div>
  );
}

function Team({ data }: { data: ManageData }) {
  const [by, setBy] = useState<"people" | "teams">("people");
  const rows = by === "people" ? data.team : data.teams;
  const choices = ["people", "teams"] as const;
  // Goals are not everybody's: together they are no goal of all.
  const all = rows.length > 1 && data.total[0] ? { ...data.total[0], goal: null } : null;
  return (
    <section class="lw-a-block" aria-labelledby="lw-a-team">
      <div class="lw-a-heading">
        <h2 id="lw-a-team">Team</h2>
        {data.teams.length > 1 && (
          <fieldset class="lw-a-tabs" aria-label="Counted by">
            {choices.map((each) => (
              <button
                key={each}
                type="button"
                class="lw-a-tab"
                aria-pressed={by === each}
                onClick={() => setBy(each)}
              >
                {each === "people" ? "Each person" : "Each team"}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      <Table
        label="Team"
        columns={TEAM}
        rows={rows}
        keyOf={({ id, name }) => id || name}
        first={{ column: "Answers", down: true }}
        none="Nobody has answered yet."
        total={all}
      />
    </section>
  );
}

export function Overview({ data }: { data: ManageData }) {
  return (
    <>
      <Tasks progress={data.progress} />
      <Team data={data} />
      <section class="lw-a-block" aria-labelledby="lw-a-labels">
        <h2 id="lw-a-labels">Answers by label</h2>
        <div class="lw-a-columns">
          {data.labels.map((field) =>
            field.labels ? (
              <Bars key={field.field} field={field} />
            ) : (
              <Facts key={field.field} field={field} />
            ),
          )}
        </div>
      </section>
    </>
  );
}
