import type { Clock } from '../../../src/lib/clock.ts';
import { type FakeRequest, type FakeResponse, type Handler, json } from '../wire/types.ts';

interface Made {
  readonly id: string;
  readonly createdAt: number;
  readonly target: 'production' | 'preview';
  /** Milliseconds until it is READY (or ERROR). */
  readonly takesMs: number;
  readonly fails: boolean;
  /** Of the commit that was pushed. */
  readonly commit?: string;
  /** Vercel keeps it as a candidate only when it has served production. */
  served: boolean;
}
interface Alias {
  readonly toDeploymentId: string;
  readonly requestedAt: number;
}

/** A project on Vercel, as far as waiting and rolling back see it; refuses what Vercel refuses. */
export class FakeVercel {
  readonly token = 'vercel-token-0123456789';
  readonly project = 'prj_1';
  readonly team = 'team_1';
  /** On the hobby plan only the deployment before the one that serves can be gone back to. */
  hobby = false;
  /** How the next change of production ends. */
  ends: 'succeeded' | 'failed' = 'succeeded';
  aliasMs = 2_000;
  readonly deployments: Made[] = [];
  /** The id that production serves. */
  serving: string | undefined;
  #alias: Alias | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A push: a deployment that is built, and serves when it is ready. */
  push(
    id: string,
    over: Partial<Pick<Made, 'takesMs' | 'fails' | 'target' | 'commit' | 'createdAt'>> = {},
  ): void {
    const made = { takesMs: 0, fails: false, target: 'production' as const, ...over };
    this.deployments.unshift({ id, createdAt: this.#clock.now(), served: false, ...made });
    this.#settle();
  }

  readonly handler: Handler = (request) => {
    this.#settle();
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return refusal(403, 'forbidden', 'Not authorized');
    if (request.query.get('teamId') !== this.team) return refusal(404, 'not_found', 'Project not found.');
    const [, version, ...path] = request.path.split('/');
    if (request.method === 'GET' && `${version}/${path[0]}` === 'v6/deployments') return this.#list(request);
    if (request.method === 'GET' && `${version}/${path[0]}` === 'v3/deployments' && path[2] === 'events')
      return this.#log(path[1]!);
    if (`${version}/${path[0]}` !== 'v9/projects' || path[1] !== this.project)
      return refusal(404, 'not_found', 'Project not found.');
    if (request.method === 'GET' && path.length === 2) return this.#show(request);
    if (request.method === 'POST' && path[2] === 'rollback' && path.length === 4)
      return this.#rollBack(path[3]!);
    return refusal(404, 'not_found', 'The requested endpoint does not exist.');
  };

  #state({ createdAt, takesMs, fails }: Made): string {
    if (this.#clock.now() - createdAt < takesMs) return 'BUILDING';
    return fails ? 'ERROR' : 'READY';
  }

  /** Production follows the newest push, unless it was pointed elsewhere since. */
  #settle(): void {
    const newest = this.deployments.find(
      (one) => one.target === 'production' && this.#state(one) === 'READY',
    );
    if (newest && !this.#alias) {
      newest.served = true;
      this.serving = newest.id;
    }
    if (this.#alias && this.#job() === 'succeeded') this.serving = this.#alias.toDeploymentId;
  }

  #job(): string {
    return this.#clock.now() - this.#alias!.requestedAt < this.aliasMs ? 'in-progress' : this.ends;
  }

  #list({ query }: FakeRequest): FakeResponse {
    if (query.get('projectId') !== this.project) return json(200, { deployments: [] });
    const found = this.deployments.filter(
      (one) =>
        (query.get('target') === null || one.target === query.get('target')) &&
        (query.get('state') === null || this.#state(one) === query.get('state')) &&
        (query.get('rollbackCandidate') !== 'true' || one.served),
    );
    const limit = Number(query.get('limit') ?? 20);
    if (limit > 100) return refusal(400, 'bad_request', 'limit must be at most 100');
    const [since, until] = [
      Number(query.get('since') ?? 0),
      Number(query.get('until') ?? Number.POSITIVE_INFINITY),
    ];
    const within = found
      .filter(({ createdAt }) => createdAt >= since && createdAt < until)
      .sort((a, b) => b.createdAt - a.createdAt);
    const page = within.slice(0, limit);
    return json(200, {
      deployments: page.map((one) => ({
        uid: one.id,
        name: 'relay-web',
        created: one.createdAt,
        state: this.#state(one),
        target: one.target === 'preview' ? null : one.target,
        ...(this.#state(one) === 'READY' && { ready: one.createdAt + one.takesMs }),
        meta: one.commit === undefined ? {} : { githubCommitSha: one.commit },
      })),
      pagination: {
        count: page.length,
        next: within.length > limit ? page.at(-1)!.createdAt : null,
        prev: page[0]?.createdAt ?? null,
      },
    });
  }

  /** The last line of a build's log. */
  #log(id: string): FakeResponse {
    const made = this.deployments.find((one) => one.id === id);
    if (!made) return refusal(404, 'not_found', 'Deployment not found.');
    return json(200, [{ type: 'stderr', created: made.createdAt + made.takesMs, text: 'Build failed.' }]);
  }

  /** Without `rollbackInfo=true` Vercel says nothing of what production was pointed at. */
  #show({ query }: FakeRequest): FakeResponse {
    const last = this.#alias && {
      ...this.#alias,
      type: 'rollback',
      jobStatus: this.#job(),
    };
    return json(200, {
      id: this.project,
      lastAliasRequest: query.get('rollbackInfo') === 'true' ? (last ?? null) : null,
    });
  }

  #rollBack(id: string): FakeResponse {
    const made = this.deployments.find((one) => one.id === id);
    if (!made?.served || this.#state(made) !== 'READY')
      return refusal(404, 'not_found', 'Deployment not found or not a rollback candidate.');
    if (this.#alias && this.#job() === 'in-progress')
      return refusal(409, 'conflict', 'Another alias change is in progress.');
    const candidates = this.deployments.filter((one) => one.served);
    const at = candidates.findIndex((one) => one.id === this.serving);
    if (this.hobby && candidates[at + 1]?.id !== id)
      return refusal(
        402,
        'upgrade_required',
        'Upgrade to Pro to roll back further than the previous deployment.',
      );
    this.#alias = { toDeploymentId: id, requestedAt: this.#clock.now() };
    return { status: 201, body: '' };
  }
}

const refusal = (status: number, code: string, message: string): FakeResponse =>
  json(status, { error: { code, message } });
