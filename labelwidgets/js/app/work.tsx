/** One's own work in a project: how far, what was said of it, and every answer, to look at again or change. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../ui/control.tsx";
import { COMMENT } from "../ui/drawings.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { counted } from "../ui/words.ts";
import type { MyAnswer, MyComment, Only, Work, WorkData } from "./acts.ts";
import { Heading, Meter, PageLink, When } from "./parts.tsx";
import type { Shell } from "./shell.ts";
import { called, duration, mineOf, number } from "./words.ts";

const FILTERS: readonly [Only, string][] = [
  ["all", "All"],
  ["flagged", "Flagged"],
  ["commented", "Commented"],
  ["unsure", "Unsure"],
  ["skipped", "Skipped"],
];

export function Fact({
  says,
  children,
  more,
}: {
  says: string;
  children: preact.ComponentChildren;
  more?: string;
}) {
  return (
    <div class="lw-a-fact" title={more}>
      <dt>{says}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Mine({ mine }: { mine: Work }) {
  const share = mine.goal ? mine.answered / mine.goal : null;
  return (
    <dl class="lw-a-figures">
      <div class="lw-a-fact">
        <dt>{mine.goal ? "Your goal" : "Your answers"}</dt>
        <dd>
          {number(mine.answered)}
          {mine.goal !== null && <span class="lw-muted"> of {number(mine.goal)}</span>}
        </dd>
        {share !== null && <Meter share={share} says={mineOf(mine)} label="Your goal" />}
      </div>
      <Fact says="Today">{number(mine.today)}</Fact>
      <Fact says="Pace" more="Answers per hour of time spent on them">
        {mine.per_hour === null ? "–" : `${Math.round(mine.per_hour).toLocaleString("en")}/h`}
      </Fact>
      <Fact says="Per answer" more="Median, without pauses">
        {duration(mine.median_seconds) || "–"}
      </Fact>
      <Fact says="Skipped">{number(mine.skipped)}</Fact>
    </dl>
  );
}

function Comments({ shell, comments }: { shell: Shell; comments: MyComment[] }) {
  if (comments.length === 0) return null;
  return (
    <section class="lw-a-block" aria-labelledby="lw-a-comments">
      <h2 id="lw-a-comments">For you</h2>
      <ul class="lw-a-talk">
        {comments.map((comment) => (
          <li key={`${comment.task} ${comment.at} ${comment.author}`}>
            <button type="button" onClick={() => shell.go("label", undefined, comment.task)}>
              <Icon name={COMMENT} />
              <span class="lw-grow">
                <span class="lw-muted">
                  <b dir="auto">{comment.author}</b> on <span dir="auto">{comment.item}</span> ·{" "}
                  <When at={comment.at} />
                </span>
                <span class="lw-a-words" dir="auto">
                  {comment.text}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sign({ icon, says }: { icon: IconName; says: string }) {
  return (
    <span class="lw-a-sign" title={says}>
      <Icon name={icon} />
      <span class="lw-unseen">{says}</span>
    </span>
  );
}

function Row({ answer, picture, image, onOpen }: RowProps) {
  const { item, says, status, unsure, flagged, comments, at, seconds, stale } = answer;
  return (
    <li data-task={answer.task}>
      <button type="button" class="lw-a-answer" onClick={onOpen}>
        {image && <span class="lw-a-thumb">{picture && <img src={picture} alt="" loading="lazy" />}</span>}
        <span class="lw-a-what">
          <span class="lw-a-item" dir="auto">
            {item}
          </span>
          <span class="lw-a-says" dir="auto">
            {status === "skipped" ? (
              <>
                <em>Skipped</em>
                {says && `: ${says}`}
              </>
            ) : (
              says || <em>Nothing filled in</em>
            )}
          </span>
        </span>
        <span class="lw-a-signs">
          {status === "rejected" && <span class="lw-a-chip lw-a-bad">rejected</span>}
          {stale && (
            <span class="lw-a-chip" title="The item changed since you answered">
              item changed
            </span>
          )}
          {unsure && <span class="lw-a-chip">unsure</span>}
          {flagged && <Sign icon="flag" says="flagged" />}
          {comments > 0 && <Sign icon={COMMENT} says={counted(comments, "comment")} />}
        </span>
        <span class="lw-muted lw-a-time">
          <When at={at} />
          {seconds !== null && <span>{duration(seconds)}</span>}
        </span>
      </button>
    </li>
  );
}

interface RowProps {
  answer: MyAnswer;
  picture: string | undefined;
  image: boolean;
  onOpen: () => void;
}

/** So many pictures are asked for at once: the first of them are there soon. */
const SOME = 12;

/** Small pictures of the items on show, by task; they are let go of with the page. */
function usePictures(shell: Shell, project: string, tasks: readonly number[]): ReadonlyMap<number, string> {
  const [pictures, setPictures] = useState<ReadonlyMap<number, string>>(new Map());
  const asked = useRef(new Set<number>());
  const made = useRef<string[]>([]);
  useEffect(
    () => () => {
      for (const url of made.current) URL.revokeObjectURL(url);
    },
    [],
  );
  const missing = tasks.filter((task) => !asked.current.has(task)).slice(0, SOME);
  useEffect(() => {
    if (missing.length === 0) return;
    for (const task of missing) asked.current.add(task);
    shell.ask("thumbs", { project, tasks: missing }).then(
      ({ reply, buffers }) => {
        const urls = (reply.tasks as number[]).map((task, n): [number, string] => {
          const url = URL.createObjectURL(new Blob([buffers[n] as BlobPart], { type: "image/jpeg" }));
          made.current.push(url);
          return [task, url];
        });
        setPictures((now) => new Map([...now, ...urls]));
      },
      () => {},
    );
  }, [missing.join()]);
  return pictures;
}

/** Which answers are shown; those of the page itself until another choice is made. */
function useAnswers(shell: Shell, data: WorkData) {
  const project = data.project.name;
  const [only, setOnly] = useState<Only>("all");
  const [older, setOlder] = useState<MyAnswer[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const [found, setFound] = useState<MyAnswer[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const begin = only === "all" ? data.answers : (found ?? []);
  const known = new Set(begin.map(({ id }) => id));
  const answers = [...begin, ...older.filter(({ id }) => !known.has(id))];
  async function ask(which: Only, skip: number): Promise<void> {
    setBusy(true);
    setTrouble("");
    try {
      const { reply } = await shell.ask("answers", { project, only: which, skip });
      const rows = reply.answers as unknown as MyAnswer[];
      setMore(reply.more as boolean);
      if (skip > 0) setOlder((now) => [...now, ...rows]);
      else setFound(rows);
    } catch (error) {
      setTrouble((error as Error).message);
    } finally {
      setBusy(false);
    }
  }
  return {
    only,
    answers,
    busy,
    trouble,
    more: more ?? data.more,
    choose(which: Only): void {
      setOnly(which);
      setOlder([]);
      setFound(null);
      setMore(which === "all" ? null : false);
      if (which !== "all") void ask(which, 0);
    },
    older: () => void ask(only, answers.length),
  };
}

export function WorkPage({ shell, data }: { shell: Shell; data: WorkData }) {
  const { project, mine, comments, image } = data;
  const { only, answers, busy, trouble, more, choose, older } = useAnswers(shell, data);
  const pictures = usePictures(shell, project.name, image ? answers.map(({ task }) => task) : []);
  const isOpen = !project.archived && project.may.includes("label");
  return (
    <div class="lw-a-page">
      <Heading
        beside={
          isOpen && (
            <PageLink shell={shell} page="label" project={project.name} class="lw-button lw-first">
              Go on labeling
            </PageLink>
          )
        }
      >
        My work <span class="lw-a-of lw-cut">{called(project.name, shell.state.title)}</span>
      </Heading>
      <Mine mine={mine} />
      <Comments shell={shell} comments={comments} />
      <section class="lw-a-block" aria-labelledby="lw-a-answers" aria-busy={busy}>
        <div class="lw-a-heading">
          <h2 id="lw-a-answers">Answers</h2>
          <fieldset class="lw-a-tabs" aria-label="Which answers">
            {FILTERS.map(([name, says]) => (
              <button
                key={name}
                type="button"
                class="lw-a-tab"
                aria-pressed={only === name}
                onClick={() => choose(name)}
              >
                {says}
              </button>
            ))}
          </fieldset>
        </div>
        {answers.length > 0 ? (
          <ul class="lw-a-answers">
            {answers.map((answer) => (
              <Row
                key={answer.id}
                answer={answer}
                image={image}
                picture={pictures.get(answer.task)}
                onOpen={() => void shell.go("label", project.name, answer.task)}
              />
            ))}
          </ul>
        ) : (
          <p class="lw-a-nothing">
            {trouble ||
              (busy ? "Looking…" : only === "all" ? "Nothing answered yet." : "None of your answers is.")}
          </p>
        )}
        {more && answers.length > 0 && (
          <div class="lw-a-after">
            <Button
              says={busy ? "Looking…" : "Show older ones"}
              look="edged"
              disabled={busy}
              onClick={older}
            />
            {trouble && <span role="alert">{trouble}</span>}
          </div>
        )}
      </section>
    </div>
  );
}
