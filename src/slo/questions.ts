import { sum, type Vector } from '../metrics/index.ts';
import { spentBy } from './budget.ts';
import { badOf, totalOf } from './events.ts';
import type { Objective } from './objective.ts';
import { between } from './span.ts';

/** Expressions about an objective over a stretch of time that is over; each gives a number by environment. */
export interface ObjectiveQuestions {
  readonly events: Vector<'environment'>;
  readonly bad: Vector<'environment'>;
  /** Of the error budget, in events. */
  readonly spent: Vector<'environment'>;
  /** Bad events as the agreement has them; undefined without one. */
  readonly agreementBad: Vector<'environment'> | undefined;
}

/** The questions about the deployments that finished from one moment to just before another (Unix seconds). */
export function questionsAbout(o: Objective, from: number, to: number): ObjectiveQuestions {
  const span = between(from, to);
  const { agreement } = o;
  return {
    events: totalOf(o, span),
    bad: badOf(o, span),
    spent: spentBy(o, span),
    agreementBad:
      agreement &&
      (agreement.bad ? sum(span.only(agreement.bad(span.of)), { by: ['environment'] }) : badOf(o, span)),
  };
}
