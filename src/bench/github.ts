import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

/** A workflow as small as one can be that is understood. */
const workflow = `on: push
jobs:
  deploy:
    environment: production
    steps:
      - run: npm ci
      - run: alembic upgrade head
      - run: railway up --service api
      - run: curl --fail https://api.example/health
      - { name: Smoke test, run: ./smoke.sh }
`;
const steps = [
  'Run npm ci',
  'Run alembic upgrade head',
  'Run railway up --service api',
  'Run curl --fail https://api.example/health',
  'Smoke test',
];

/** A run of ten minutes; every twentieth fails at its last step. */
const runOf = (id: number, at: number) => ({
  id,
  event: 'push',
  status: 'completed',
  conclusion: id % 20 === 0 ? 'failure' : 'success',
  created_at: iso(at),
  run_started_at: iso(at),
  updated_at: iso(at + 600),
  run_attempt: 1,
  head_branch: 'main',
  head_sha: String(id).padStart(40, '0'),
  html_url: `https://github.com/bench/bench/actions/runs/${id}`,
  actor: { login: 'ana' },
  head_commit: { message: 'Change it', timestamp: iso(at - 60) },
});

const jobOf = (id: number, at: number) => ({
  id,
  run_attempt: 1,
  name: 'deploy',
  status: 'completed',
  conclusion: id % 20 === 0 ? 'failure' : 'success',
  created_at: iso(at),
  started_at: iso(at + 10),
  completed_at: iso(at + 600),
  html_url: `https://github.com/bench/bench/actions/runs/${id}/job/${id}`,
  labels: ['ubuntu-latest'],
  steps: steps.map((name, i) => ({
    name,
    status: 'completed',
    conclusion: id % 20 === 0 && i === steps.length - 1 ? 'failure' : 'success',
    started_at: iso(at + 10 + i * 118),
    completed_at: iso(at + 10 + (i + 1) * 118),
  })),
});

/** GitHub's API with so many runs of one workflow, evenly over some days until now. */
export async function serveRuns(
  count: number,
  days: number,
): Promise<{ readonly url: string; stop(): void }> {
  const end = Math.floor(Date.now() / 1_000) - 3_600;
  const at = (id: number): number => Math.floor(end - ((count - id) * days * 86_400) / count);
  const runs = Array.from({ length: count }, (_, i) => runOf(i + 1, at(i + 1))).reverse();
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const id = Number(/\/runs\/(\d+)\/jobs$/.exec(pathname)?.[1]);
    const [from = '', to = ''] = (searchParams.get('created') ?? '').split('..');
    const page = Number(searchParams.get('page') ?? 1);
    const listed = runs.filter(({ created_at }) => created_at >= from && created_at <= to);
    const answer = pathname.includes('/contents/')
      ? { content: Buffer.from(workflow).toString('base64') }
      : pathname.endsWith('/annotations')
        ? [{ annotation_level: 'failure', message: 'The page did not answer' }]
        : id
          ? { total_count: 1, jobs: [jobOf(id, at(id))] }
          : {
              total_count: listed.length,
              workflow_runs: listed.slice(0, 1_000).slice((page - 1) * 100, page * 100),
            };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
