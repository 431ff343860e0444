/** What a model's certainty is to people. */

/** A model's score as people read it. */
export function percent(score: number | null): string {
  return score === null || !Number.isFinite(score) ? "" : `${Math.round(score * 100)} %`;
}
