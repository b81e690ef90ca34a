import { uids } from '../../src/dashboards/links.ts';
import { type Facts, factsOf } from '../oracle/facts.ts';
import type { Labelled } from '../oracle/statistics.ts';
import { truthAt } from '../oracle/truth.ts';
import type { RollingWindow } from '../oracle/windows.ts';
import { allDeployments } from './deployments.ts';
import type { DrawnPanel } from './look.ts';
import { moments } from './stage.ts';
import type { State } from './states.ts';

/** The design's questions: which panel answers each, and what it must say. */
export interface Question {
  readonly question: string;
  readonly panel: string;
  /** Texts that the panel must contain, in any order. */
  readonly answers: readonly string[];
}

const deployments = [...allDeployments].sort((a, b) => a.started - b.started);
const words: Readonly<Record<Facts['outcome'], string>> = {
  running: 'running',
  success: 'success',
  failure: 'failure',
  rolled_back: 'rolled back',
  abandoned: 'abandoned',
  cancelled: 'cancelled',
};

/** "What is the success rate? How long does the build take? Did the health checks pass after the last deploy?" */
function ofOverview({ moment, search }: State): Question[] {
  const asked = new URLSearchParams(search);
  const window = (asked.get('var-window') ?? '7d') as RollingWindow;
  const environment = asked.get('var-environment') ?? 'production';
  // While no rule is evaluated nothing is known.
  const known = moment === 'stale' ? [] : deployments;
  const truth = truthAt({ seed: 0, end: moments[moment], deployments: known }, moments[moment]);
  const of = (values: readonly Labelled[], more: Record<string, string> = {}): number | undefined =>
    values.find(({ labels }) =>
      Object.entries({ environment, ...more }).every(([name, value]) => labels[name] === value),
    )?.value;
  const indicators = truth.rolling(window);
  const rate = of(indicators.successRate);
  const build = of(indicators.stageAverage, { service: 'api', stage: 'build' });
  const last = truth.environment(environment).lastFinished;
  const checks = last?.healthChecks;
  return [
    {
      question: 'What is the current deployment success rate?',
      panel: `Success rate, ${window}`,
      answers:
        rate === undefined
          ? ['No deployments known']
          : [(100 * rate).toFixed(1), `of ${of(indicators.deployments)}`],
    },
    {
      question: 'How long is the build stage taking?',
      panel: 'Stage duration',
      answers: build === undefined ? ['No stages known'] : ['api build', `${Math.round(build)} s`],
    },
    {
      question: 'Did the health checks pass after the last deploy?',
      panel: 'Last deployment and its checks',
      answers: last
        ? [words[last.outcome], last.id, ...(checks?.made ? [`${checks.passed} of ${checks.made}`] : [])]
        : ['No deployments known'],
    },
  ];
}

/** "Which stage failed? What was the error? How long did it take? Did we rollback?" */
function ofTroubleshooting({ moment, search }: State): Question[] {
  const id = new URLSearchParams(search).get('var-deployment');
  const deployment = deployments.find((d) => d.id === id);
  const facts = deployment && factsOf(deployment, moments[moment]);
  if (!facts)
    return ['Failed stage', 'What failed', 'Time to deploy', 'Rolled back'].map((panel) => ({
      question: panel,
      panel,
      answers: ['No deployment'],
    }));
  const failed = facts.deployment.stages.find(({ status }) => status === 'failure');
  const seconds = facts.duration ?? moments[moment] - facts.triggered;
  const verdict = facts.outcome === 'success' ? 'The deployment succeeded.' : 'It runs.';
  return [
    {
      question: 'Which stage failed?',
      panel: 'Failed stage',
      answers: [failed ? `${failed.service} ${failed.stage}` : 'none'],
    },
    {
      question: 'What was the error?',
      panel: 'What failed',
      answers: failed ? [failed.errorType ?? '', (failed.message ?? '').slice(0, 40)] : [verdict],
    },
    { question: 'How long did it take?', panel: 'Time to deploy', answers: [`${Math.round(seconds)} s`] },
    {
      question: 'Did we rollback?',
      panel: 'Rolled back',
      answers: [facts.outcome === 'rolled_back' ? 'yes: health check failed' : 'no'],
    },
  ];
}

/** The questions that a state of a dashboard must answer. */
function questionsOf(state: State): Question[] {
  // With several environments there are as many answers; the one of production is asked for.
  if (state.dashboard === uids.overview) return ofOverview(state);
  return state.dashboard === uids.troubleshooting ? ofTroubleshooting(state) : [];
}

/** Pixels that a window of 900 leaves to a dashboard: Grafana's own bars and the row of variables take the rest. */
const firstScreen = 760;

/** Questions that the first screen of a state does not answer truthfully, a sentence each. */
export function unanswered(panels: readonly DrawnPanel[], state: State): string[] {
  const top = Math.min(...panels.map(({ box }) => box.top));
  return questionsOf(state).flatMap(({ question, panel: title, answers }) => {
    const panel = panels.find((p) => p.title === title);
    if (!panel) return [`${question} There is no panel "${title}"`];
    // Parts of a number and its unit are texts of their own.
    const text = panel.texts
      .map((t) => t.text)
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    const missing = answers.filter((answer) => !text.includes(answer));
    return [
      ...(panel.box.bottom - top > firstScreen ? [`${question} "${title}" is below the first screen`] : []),
      ...missing.map((answer) => `${question} "${title}" does not say "${answer}": "${text}"`),
    ];
  });
}
