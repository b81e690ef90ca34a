import { EnvironmentFailure, isExpected } from '../../lib/errors.ts';
import { type Answer, HttpClient, serverWords } from '../../lib/http.ts';
import { redactor } from '../../lib/redact.ts';
import { oneLine } from '../../lib/sanitize.ts';
import { isRecord } from '../../lib/shapes.ts';
import { baseUrl, isLocalHost } from '../../lib/url.ts';
import { nodeTransport } from '../http.ts';
import { carried } from '../pipeline.ts';
import type { DeploymentResult } from '../result/model.ts';
import { failures, inTime, links, verdict } from '../result/words.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Grafana shows the text of an annotation as HTML. */
const escaped = (text: string): string => oneLine(text).replaceAll(/[&<>"]/g, (char) => entities[char]!);

/** A region over all dashboards of an organisation. Times are Unix milliseconds. */
export interface Annotation {
  readonly time: number;
  readonly timeEnd: number;
  readonly text: string;
  readonly tags: readonly string[];
}

/** Tags by which the annotation of a deployment is found again. */
const ownTags = ({ environment, id }: DeploymentResult): string[] =>
  ['deployment', `environment:${environment}`, `deployment_id:${id}`].map((tag) => tag.slice(0, 100));

/** Grafana takes no more for all tags of an annotation together, as JSON. */
const longestTags = 500;
const withinLimit = (tags: readonly string[]): string[] => {
  const kept: string[] = [];
  for (const tag of tags.map((one) => oneLine(one).slice(0, 100)))
    if (JSON.stringify([...kept, tag]).length <= longestTags) kept.push(tag);
  return kept;
};

/** The annotation of a deployment that has ended; undefined while it runs. */
export function annotationOf(result: DeploymentResult): Annotation | undefined {
  const { id, environment, version, outcome, started, triggered, finished, rollback, stages } = result;
  const from = started ?? triggered;
  if (from === undefined || finished === undefined) return undefined;
  const services = [...new Set(stages.flatMap(({ service }) => service ?? []))].sort();
  const first = failures(result)[0];
  const followed = links(result)
    .slice(0, 2)
    .map(({ title, url }) => `<a href="${escaped(url)}">${escaped(title)}</a>`);
  return {
    time: Math.round(from * 1000),
    timeEnd: Math.round(Math.max(finished, rollback?.at ?? 0) * 1000),
    text: [
      `Deployment ${escaped(id)} to ${escaped(environment)} ${escaped(verdict(result))}${inTime(result)}`,
      ...(first ? [escaped(`${first.what}: ${first.message || first.type}`)] : []),
      ...followed,
    ].join('<br>'),
    tags: withinLimit([
      ...ownTags(result),
      `outcome:${outcome}`,
      ...(version === '' ? [] : [`version:${version}`]),
      ...services.map((service) => `service:${service}`),
    ]),
  };
}

const tokenName = /^GRAFANA_ANNOTATION_TOKEN(_\w+)?$/;

/** Every Grafana of the environment: GRAFANA_ANNOTATION_TOKEN with its URL, and the same with an ending, such as _2. */
function grafanas(env: NodeJS.ProcessEnv) {
  return Object.keys(env)
    .sort()
    .flatMap((name) => {
      const token = env[name]?.trim();
      const ending = tokenName.exec(name)?.[1];
      if (!token || !tokenName.test(name)) return [];
      const variable = `GRAFANA_ANNOTATION_URL${ending ?? ''}`;
      // A second Grafana never gets its address from elsewhere: the token would go to the wrong one.
      const url =
        env[variable]?.trim() || (ending === undefined ? env.GRAFANA_URL?.trim() || carried().grafana : '');
      return [{ name, token, variable, url }];
    });
}

class Grafana {
  readonly #client: HttpClient;
  readonly #name: string;
  constructor({ name, token, variable, url }: ReturnType<typeof grafanas>[number], signal: AbortSignal) {
    if (!url)
      throw new EnvironmentFailure(
        `${name} is set and ${variable} is not: set the address that it belongs to.`,
      );
    const base = baseUrl(url, variable);
    if (base.protocol !== 'https:' && !isLocalHost(base.hostname))
      throw new EnvironmentFailure(`${variable} must start with https://, because the token goes there.`);
    this.#name = name;
    this.#client = new HttpClient({
      service: 'Grafana',
      base,
      variable,
      headers: { authorization: `Bearer ${token}` },
      redact: redactor([token]),
      transport: nodeTransport,
      timeoutMs: 4_000,
      attempts: 2,
      signal,
    });
  }

  /** Ids of the deployment's annotations, oldest first. */
  async #ids(result: DeploymentResult): Promise<number[]> {
    const query = { tags: ownTags(result), type: 'annotation', limit: '100' };
    const found = this.#accepted(await this.#client.read('api/annotations', { query }));
    return (Array.isArray(found) ? found : [])
      .filter(isRecord)
      .flatMap(({ id }) => (typeof id === 'number' ? [id] : []))
      .sort((a, b) => a - b);
  }

  /** One annotation for a deployment: made, or brought up to date; of two that were made at once the later one goes. */
  async put(result: DeploymentResult, annotation: Annotation): Promise<void> {
    const [known] = await this.#ids(result);
    if (known !== undefined) return await this.#write('PATCH', `api/annotations/${known}`, annotation);
    await this.#write(
      'POST',
      'api/annotations',
      annotation,
      async () => (await this.#ids(result)).length > 0,
    );
    const [, ...later] = await this.#ids(result);
    for (const id of later) await this.#write('DELETE', `api/annotations/${id}`);
  }

  async #write(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    json?: Annotation,
    isDone: () => Promise<boolean> = async () => false,
  ): Promise<void> {
    await this.#client.write<true>(
      async () => {
        const answer = await this.#client.once(method, path, { ...(json && { json }) });
        if (method !== 'DELETE' || answer.status !== 404) this.#accepted(answer);
        return true;
      },
      async () => ((await isDone()) ? true : undefined),
    );
  }

  #accepted(answer: Answer): unknown {
    const { status, json } = answer;
    if (status < 300) return json;
    if (status === 401) throw new EnvironmentFailure(`Grafana does not accept ${this.#name}.`);
    if (status === 403)
      throw new EnvironmentFailure(
        `${this.#name} may not write annotations: give its service account the role "Annotation writer", or Editor.`,
      );
    throw new EnvironmentFailure(
      `Grafana answered ${status}: ${serverWords(answer, this.#client.redact) || 'no reason'}.`,
    );
  }
}

/** Marks a deployment on the dashboards of every Grafana. Never throws. @returns warnings */
export async function annotate(
  result: DeploymentResult,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string[]> {
  const annotation = annotationOf(result);
  if (!annotation) return [];
  const tried = grafanas(env).map(async (one) => {
    try {
      await new Grafana(one, signal).put(result, annotation);
      return [];
    } catch (error) {
      if (!isExpected(error)) throw error;
      return [`The deployment was not marked in Grafana. ${error.message}`];
    }
  });
  return (await Promise.all(tried)).flat();
}
