import type { Clock } from '../../lib/clock.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, HttpClient } from '../../lib/http.ts';
import { redactor } from '../../lib/redact.ts';
import { isRecord, isText } from '../../lib/shapes.ts';
import { baseUrl, isLocalHost } from '../../lib/url.ts';
import { nodeTransport } from '../http.ts';

/** Why it cannot go on, as a sentence. */
export class VercelFailure extends EnvironmentFailure {}

/** A deployment to production. */
export interface VercelDeployment {
  readonly id: string;
  /** QUEUED, INITIALIZING, BUILDING, READY, ERROR or CANCELED. */
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** The last time production was pointed at a deployment: by a promotion or a rollback. */
export interface AliasRequest {
  readonly toDeploymentId: string;
  /** pending, in-progress, succeeded, failed or skipped. */
  readonly jobStatus: string;
  /** promote or rollback; after a rollback, pushes are not served until one is promoted. */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly requestedAt: number;
}

const variable = 'VERCEL_API_URL';

function addressOf(env: NodeJS.ProcessEnv): URL {
  const url = baseUrl(env[variable]?.trim() || 'https://api.vercel.com', variable);
  if (url.protocol === 'https:' || isLocalHost(url.hostname)) return url;
  throw new VercelFailure(
    `${variable} must start with https://, because the token goes there; http:// only reaches this machine.`,
  );
}

/** Vercel's REST API, as far as waiting and rolling back need it. Methods throw VercelFailure and HttpFailure. */
export class VercelApi {
  readonly #client: HttpClient;
  readonly project: string;
  readonly #team: Readonly<Record<string, string>>;

  constructor(env: NodeJS.ProcessEnv, clock: Clock) {
    const token = env.VERCEL_TOKEN?.trim();
    const project = env.VERCEL_PROJECT_ID?.trim();
    if (!token || !project)
      throw new VercelFailure(
        `${[!token && 'VERCEL_TOKEN', !project && 'VERCEL_PROJECT_ID'].filter(Boolean).join(' and ')} must be set: the token is made in the account's settings, the id of the project (prj_…) stands in its own.`,
      );
    this.project = project;
    // Without its team a project is not found; a personal account has none.
    const team = env.VERCEL_ORG_ID?.trim();
    this.#team = team?.startsWith('team_') ? { teamId: team } : {};
    this.#client = new HttpClient({
      service: 'Vercel',
      base: addressOf(env),
      variable,
      headers: { authorization: `Bearer ${token}` },
      redact: redactor([token]),
      transport: nodeTransport,
      clock,
      timeoutMs: 20_000,
    });
  }

  /** The latest deployments to production, newest first. */
  async deployments(): Promise<VercelDeployment[]> {
    return listOf(
      await this.read('v6/deployments', { projectId: this.project, target: 'production', limit: '20' }),
    );
  }

  /** Those that production can be pointed at again, newest first. */
  async candidates(): Promise<VercelDeployment[]> {
    return listOf(
      await this.read('v6/deployments', {
        projectId: this.project,
        target: 'production',
        state: 'READY',
        rollbackCandidate: 'true',
        limit: '20',
      }),
    );
  }

  /** The deployment that production was pointed at last, and whether that is done; undefined when never by hand. */
  async aliasRequest(): Promise<AliasRequest | undefined> {
    const answer = await this.read(`v9/projects/${encodeURIComponent(this.project)}`, {
      rollbackInfo: 'true',
    });
    const last = isRecord(answer) ? answer.lastAliasRequest : undefined;
    if (!isRecord(last)) return undefined;
    const { toDeploymentId, jobStatus, type, requestedAt } = last;
    return isText(toDeploymentId) && isText(jobStatus) && isText(type)
      ? { toDeploymentId, jobStatus, type, requestedAt: Number(requestedAt) || 0 }
      : undefined;
  }

  /** Points production at an earlier deployment. @param isDone looks whether a lost request was carried out */
  async rollback(id: string, isDone: () => Promise<boolean>): Promise<void> {
    const path = `v9/projects/${encodeURIComponent(this.project)}/rollback/${encodeURIComponent(id)}`;
    await this.#client.write<true>(
      async () => {
        this.#check(
          await this.#client.once('POST', path, { query: this.#team, json: {}, expect: 'anything' }),
        );
        return true;
      },
      async () => ((await isDone()) ? true : undefined),
    );
  }

  /** Answer to a GET about the project's team. */
  async read(path: string, query: Record<string, string>): Promise<unknown> {
    return this.#check(await this.#client.read(path, { query: { ...query, ...this.#team } })).json;
  }

  #check(answer: Answer): Answer {
    const { status, json } = answer;
    if (status < 300) return answer;
    const error = isRecord(json) && isRecord(json.error) ? json.error : {};
    const said = isText(error.message) ? this.#client.redact(error.message) : `status ${status}`;
    if (status === 401 || status === 403)
      throw new VercelFailure(
        `Vercel does not accept VERCEL_TOKEN for this ("${said}"): it must belong to the team of VERCEL_ORG_ID and reach the project.`,
      );
    throw new VercelFailure(`Vercel refused: ${said}.`);
  }
}

function listOf(answer: unknown): VercelDeployment[] {
  const all = isRecord(answer) ? answer.deployments : undefined;
  if (!Array.isArray(all))
    throw new VercelFailure(
      `Vercel answered with something else than a list of deployments: check ${variable}.`,
    );
  return all.flatMap((one: unknown) => {
    if (!isRecord(one)) return [];
    const { uid, readyState, state, created } = one;
    const status = isText(readyState) ? readyState : state;
    return isText(uid) && isText(status) ? [{ id: uid, state: status, created: Number(created) || 0 }] : [];
  });
}
