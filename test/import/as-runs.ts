import type { WireAnnotation, WireJob, WireStep } from '../../src/import/wire.ts';
import type { Deployment, History, Stage } from '../../src/simulator/types.ts';
import type { FakeRun } from '../fakes/github/github.ts';
import { iso } from './runs.ts';

/** The same deployments as GitHub would tell of them, and what of them an import can know: written from neither. */

/** Jobs of an environment; what they have in common stands in `begin`, which names no environment. */
const jobsOfWorkflow = (environment: string): string => `
  migrate-${environment}:
    environment: ${environment}
    steps:
      - { name: alembic_head, run: alembic upgrade head }
  api-${environment}:
    environment: ${environment}
    steps:
      - { name: Build, run: 'docker build -t registry.example/api:latest .' }
      - { name: Deploy, run: railway up --service api }
      - { name: Healthy, run: 'curl --fail https://example.test/api/health' }
      - { name: api_health, run: ./smoke.sh api_health }
      - { name: knowledge_api, run: ./smoke.sh knowledge_api }
      - { name: web_beta, run: ./smoke.sh web_beta }
      - { name: Back, run: railway redeploy --service api, if: failure() }
  web-${environment}:
    environment: ${environment}
    steps:
      - { name: Build, run: vercel build --project-name web }
      - { name: Deploy, run: vercel deploy --project-name web }
      - { name: Back, run: vercel rollback --project-name web, if: failure() }
`;

/** A workflow with a step for everything that is simulated. */
export const workflow = `name: Deploy
on: push
jobs:
  begin:
    steps: [{ uses: actions/checkout@v4 }]
${jobsOfWorkflow('production')}${jobsOfWorkflow('staging')}`;

const stepNames: Readonly<Record<string, string>> = {
  build: 'Build',
  deploy_railway: 'Deploy',
  deploy_vercel: 'Deploy',
  health_check: 'Healthy',
};

const wireStep = (name: string, from: number, to: number | undefined, conclusion?: string): WireStep => ({
  name,
  status: conclusion === undefined ? 'in_progress' : 'completed',
  conclusion: conclusion ?? null,
  started_at: iso(Math.floor(from)),
  completed_at: to === undefined ? null : iso(Math.floor(to)),
});

/** Of several tries within a run GitHub has one step: from the first one's start to the last one's end. */
function oneStepEach(stages: readonly Stage[]): Stage[] {
  const steps = new Map<string, Stage>();
  for (const one of stages) {
    const key = `${one.service} ${one.stage}`;
    steps.set(key, { ...one, started: steps.get(key)?.started ?? one.started });
  }
  return [...steps.values()];
}

/** The rollbacks that steps of the run made. */
const within = ({ rollbacks, finished = 0 }: Deployment) =>
  rollbacks.filter((one) => one.finished !== undefined && one.finished <= finished);

interface Part {
  readonly job: string;
  readonly step: WireStep;
  readonly message?: string | undefined;
  readonly isTimeout?: boolean;
}

function partsOf(d: Deployment): Part[] {
  const result = (ok?: boolean): string => (ok ? 'success' : 'failure');
  return [
    ...oneStepEach(d.stages).flatMap((s): Part[] => {
      const name = stepNames[s.stage];
      if (name === undefined) return [];
      const step = wireStep(name, s.started, s.finished, s.status);
      return [{ job: s.service, step, message: s.message, isTimeout: s.errorType === 'timeout' }];
    }),
    ...d.migrations.map(
      (m): Part => ({
        job: 'migrate',
        step: wireStep(m.name, m.started, m.finished, result(m.ok)),
        message: m.message,
      }),
    ),
    ...d.smokeTests.map((t): Part => {
      // With "continue-on-error" GitHub calls it a success.
      const ok = t.ok || d.reported === 'success';
      return {
        job: 'api',
        step: wireStep(t.name, t.started, t.finished, result(ok)),
        message: ok ? undefined : t.message,
      };
    }),
    ...within(d).map((r): Part => {
      const step = wireStep('Back', r.started, r.finished, result(r.ok));
      return { job: r.service, step };
    }),
  ];
}

const conclusionOf = (d: Deployment): string => (d.reported === 'rolled_back' ? 'failure' : d.reported!);

/** Jobs of an attempt, each with its number. */
function jobsOf(d: Deployment): { job: WireJob; annotations: readonly WireAnnotation[] }[] {
  const parts = partsOf(d);
  const common = { run_attempt: d.runAttempt, status: 'completed', labels: ['ubuntu-latest'] };
  const number = (index: number): number => Number(d.runId) * 100 + d.runAttempt * 10 + index;
  const begin = {
    ...common,
    id: number(0),
    name: 'begin',
    conclusion: d.reported === 'cancelled' ? 'cancelled' : 'success',
    created_at: iso(Math.floor(d.triggered)),
    started_at: iso(Math.floor(d.started)),
    completed_at: iso(Math.floor(d.started)),
    steps: [],
  };
  const end = Math.floor(d.finished!);
  const named = [...new Set(['api', ...parts.map(({ job }) => job)])].map((name, i) => {
    const own = parts
      .filter((part) => part.job === name)
      .sort((a, b) => (a.step.started_at! < b.step.started_at! ? -1 : 1));
    const failed = own.filter(({ step }) => step.conclusion === 'failure');
    const bad = failed.some(({ isTimeout }) => isTimeout) ? 'timed_out' : 'failure';
    const job: WireJob = {
      ...common,
      id: number(i + 1),
      name: `${name}-${d.environment}`,
      conclusion: failed.length > 0 ? bad : name === 'api' ? conclusionOf(d) : 'success',
      created_at: iso(Math.floor(d.started)),
      started_at: own[0]?.step.started_at ?? iso(Math.floor(d.started)),
      completed_at: iso(end),
      steps: own.map(({ step }) => step),
    };
    const annotations = own.flatMap(({ message }) =>
      message === undefined ? [] : [{ annotation_level: 'failure', message }],
    );
    return { job, annotations };
  });
  return [{ job: begin, annotations: [] }, ...named];
}

/** GitHub's runs of deployments that have ended, the attempts of one together. */
export function asRuns({ deployments }: History): FakeRun[] {
  const ids = [...new Set(deployments.map(({ runId }) => runId))];
  return ids.map((id) => {
    const attempts = deployments.filter(({ runId }) => runId === id);
    const [first, last] = [attempts[0]!, attempts.at(-1)!];
    const jobs = attempts.flatMap(jobsOf);
    const events = { manual: 'workflow_dispatch', webhook: 'repository_dispatch', github_actions: 'push' };
    return {
      run: {
        id: Number(id),
        event: events[first.triggeredBy as keyof typeof events],
        status: 'completed',
        conclusion: conclusionOf(last),
        created_at: iso(Math.floor(first.triggered)),
        run_started_at: iso(Math.floor(last.triggered)),
        updated_at: iso(Math.ceil(last.finished!)),
        run_attempt: last.runAttempt,
        html_url: `https://github.com/acme/shop/actions/runs/${id}`,
        head_branch: first.branch,
        head_sha: first.commit,
        actor: { login: first.actor },
        triggering_actor: { login: first.actor },
        head_commit: { message: 'Change it', timestamp: iso(Math.floor(first.committed!)) },
      },
      jobs: jobs.map(({ job }) => job),
      annotations: Object.fromEntries(jobs.map(({ job, annotations }) => [job.id, annotations])),
    };
  });
}

/** The longest wait of a job, and the list price of every minute that began. */
function onRunners(d: Deployment): Pick<Deployment, 'queues' | 'costs'> {
  const at = (time: string | null | undefined): number => Date.parse(time ?? '') / 1000;
  const jobs = jobsOf(d).map(({ job }) => job);
  const time = Math.floor(d.finished!);
  const seconds = Math.max(...jobs.map((job) => at(job.started_at) - at(job.created_at)));
  const minutes = jobs.map((job) => Math.ceil((at(job.completed_at) - at(job.started_at)) / 60));
  const usd = minutes.reduce((sum, count) => sum + Math.max(1, count), 0) * 0.006;
  return {
    queues: [{ runner: 'ubuntu-latest', time, seconds }],
    costs: [{ resource: 'ubuntu-latest', time, usd: Number(usd.toFixed(6)) }],
  };
}

/** The same deployments with nothing that only the recorder in the workflow knows. */
export const importable = (history: History): History => ({
  ...history,
  deployments: history.deployments.map((d) => {
    const seconds = <T extends { readonly started: number; readonly finished?: number }>(one: T): T => ({
      ...one,
      started: Math.floor(one.started),
      ...(one.finished !== undefined && { finished: Math.floor(one.finished) }),
    });
    const isPush = d.triggeredBy === 'github_actions' && d.runAttempt === 1;
    return {
      ...seconds(d),
      triggered: Math.floor(isPush ? d.triggered : d.started),
      ...(d.committed !== undefined && { committed: Math.floor(d.committed) }),
      version: d.commit.slice(0, 7),
      stages: oneStepEach(d.stages)
        .filter(({ stage }) => stage in stepNames)
        .map((stage) => {
          const { errorType, ...rest } = seconds(stage);
          if (stage.status !== 'failure') return rest;
          const usual = stage.stage === 'health_check' ? 'health_check_failed' : 'command_failed';
          return { ...rest, errorType: errorType === 'timeout' ? 'timeout' : usual } as Stage;
        }),
      smokeTests: d.smokeTests.map((test) => {
        if (test.ok || d.reported !== 'success') return seconds(test);
        const { message, ...rest } = seconds(test);
        return { ...rest, ok: true };
      }),
      migrations: d.migrations.map((one) => ({ ...seconds(one), applied: 0 })),
      rollbacks: within(d).map(seconds),
      health: [],
      errorRates: [],
      ...onRunners(d),
    };
  }),
});
