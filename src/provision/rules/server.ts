import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, type HttpClient, serverWords } from '../../lib/http.ts';
import { isRuleList, type ServedRule, type ServedRuleGroup } from '../../lib/prometheus-api.ts';
import { fields, isLabels, isNumber, isRecord, isText, listOf, type Shape } from '../../lib/shapes.ts';
import { ReloadRefusal } from '../delivery/delivery.ts';
import { bundleMetric } from '../names.ts';
import { mapLimited, width } from '../pool.ts';
import type { Health, Rule, ServedGroup } from '../rule.ts';

const ruleList = fields<{ data: { groups?: readonly ServedRuleGroup[] | null | undefined } }>({
  data: isRuleList,
});
interface Versions {
  readonly metric: Readonly<Record<string, string>>;
}
const queryAnswer = fields<{ data: { result: readonly Versions[] } }>({
  data: fields<{ result: readonly Versions[] }>({ result: listOf(fields<Versions>({ metric: isLabels })) }),
});

/** An expression in the server's own spelling, or why the server cannot read it. */
export type Canonical = { readonly text: string } | { readonly error: string };

const toRule = (wire: ServedRule): Rule & Health => ({
  kind: wire.type === 'alerting' ? 'alert' : 'record',
  name: wire.name,
  expr: wire.query,
  for: wire.duration ?? 0,
  keepFiringFor: wire.keepFiringFor ?? 0,
  labels: wire.labels ?? {},
  annotations: wire.annotations ?? {},
  health: wire.health ?? 'unknown',
  // Go's zero time lies before 1970.
  evaluatedAt: Math.max(0, Date.parse(wire.lastEvaluation ?? '') || 0),
  ...(wire.lastError && { error: wire.lastError }),
});

const toGroup = (wire: ServedRuleGroup): ServedGroup => ({
  name: wire.name,
  file: wire.file,
  interval: wire.interval,
  limit: wire.limit ?? 0,
  rules: wire.rules.map(toRule),
});

/** Whitespace outside of strings, for servers that cannot spell an expression themselves. */
const squeeze = (expr: string): string =>
  expr.replace(
    /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|\s+|#[^\n]*/g,
    (_, text?: string) => text ?? '',
  );

/** Mimir and Cortex answer this when a request names no tenant. */
export const isTenantMissing = ({ status, text }: Answer): boolean =>
  status === 401 && /no org id/i.test(text);

/** The fix for that. @param where the server in words @param headers that it was sent */
export const tenantMissing = (where: string, headers: Readonly<Record<string, string>>): string =>
  'x-scope-orgid' in headers
    ? `${where} does not know the tenant in RULER_TENANT ("no org id").`
    : `${where} serves several tenants and was named none ("no org id"): set RULER_TENANT.`;

/** Provisioning's requests to a Prometheus, or to a ruler that speaks its API. */
export class RuleServer {
  readonly client: HttpClient;
  readonly #spelled = new Map<string, Canonical>();
  #cannotSpell = false;
  constructor(client: HttpClient) {
    this.client = client;
  }

  /** All groups that the server runs. */
  async groups(): Promise<ServedGroup[]> {
    const answer = this.#accepted(await this.client.read('api/v1/rules'), 'list its rules');
    const { data } = this.#parseAnswer(answer, ruleList, 'GET /api/v1/rules', 'a list of rules');
    return (data.groups ?? []).map(toGroup);
  }

  /** How far a server that has just started is with reading its write-ahead log; undefined when it is not reading it. */
  async replaying(): Promise<string | undefined> {
    try {
      const answer = await this.client.once('GET', 'api/v1/status/walreplay', { final: [500, 503] });
      const data = isRecord(answer.json) ? answer.json.data : undefined;
      const { min, max, current } = isRecord(data) ? data : {};
      if (!isNumber(min) || !isNumber(max) || !isNumber(current) || current >= max) return undefined;
      return `it reads its write-ahead log, segment ${current - min + 1} of ${max - min + 1}`;
    } catch {
      return undefined;
    }
  }

  /** Versions of our bundle that the server has evaluated. */
  async versions(): Promise<string[]> {
    const answer = await this.client.read('api/v1/query', { query: { query: bundleMetric } });
    const right = this.#accepted(answer, 'answer a query');
    const { data } = this.#parseAnswer(right, queryAnswer, 'GET /api/v1/query', 'the answer to a query');
    return data.result.flatMap((r) => r.metric.version ?? []);
  }

  /** The series of an expression's result at this moment, or why the server cannot evaluate it. */
  async evaluate(
    query: string,
  ): Promise<{ readonly series: readonly Readonly<Record<string, string>>[] } | { readonly error: string }> {
    const answer = await this.client.read('api/v1/query', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query }).toString(),
    });
    const { error } = isRecord(answer.json) ? answer.json : {};
    if ((answer.status === 400 || answer.status === 422) && isText(error) && error)
      return { error: this.client.redact(error) };
    const { data } = this.#accepted(answer, 'answer a query').json as { data?: { result?: unknown } };
    // A number has no labels.
    const result = Array.isArray(data?.result) ? data.result : [];
    return { series: result.flatMap((one) => (isRecord(one) && isLabels(one.metric) ? [one.metric] : [])) };
  }

  /** Spells expressions as the server does, so that texts can be compared; each is asked once per run. */
  async spell(expressions: readonly string[]): Promise<ReadonlyMap<string, Canonical>> {
    const unknown = [...new Set(expressions)].filter((e) => !this.#spelled.has(e));
    await mapLimited(unknown, width, async (expr) => {
      this.#spelled.set(expr, this.#cannotSpell ? { text: squeeze(expr) } : await this.#spellOne(expr));
    });
    return this.#spelled;
  }

  async #spellOne(query: string): Promise<Canonical> {
    const answer = await this.client.read('api/v1/format_query', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query }).toString(),
      expect: 'anything',
    });
    const { status, data, error } = isRecord(answer.json) ? answer.json : {};
    if (status === 'success' && isText(data)) return { text: data };
    if (answer.status === 400 && isText(error) && error) return { error: this.client.redact(error) };
    if (answer.status === 404) {
      this.#cannotSpell = true;
      return { text: squeeze(query) };
    }
    this.#accepted(answer, 'format a query');
    return { text: squeeze(query) };
  }

  /**
   * Makes the server read its rule files again. Loading them twice does no harm, so a lost answer is asked for again.
   * @returns the server's time at which it was asked, Unix milliseconds
   * @throws EnvironmentFailure when the server refuses the files or may not be asked to reload
   */
  async reload(): Promise<number> {
    const { host } = this.client.options.base;
    const answer = await this.client.write<Answer>(
      () => this.client.once('POST', '-/reload', { expect: 'anything', final: [500] }),
      async () => undefined,
    );
    if (answer.status === 403)
      throw new EnvironmentFailure(
        `Prometheus at ${host} may not be asked to reload. Start it with --web.enable-lifecycle.`,
      );
    if (answer.status === 500)
      throw new ReloadRefusal(
        `Prometheus at ${host} refused to load the rules: ${serverWords(answer, this.client.redact) || 'its log says why'}.`,
      );
    this.#accepted(answer, 'reload its rules');
    const date = Date.parse(answer.headers.get('date') ?? '');
    // The header has whole seconds: what is evaluated in the same one may still be the old rules.
    return Number.isNaN(date) ? this.client.clock.now() : date + 1000;
  }

  /** Content of an answer. @throws EnvironmentFailure when it has another shape */
  #parseAnswer<T>({ json }: Answer, shape: Shape<T>, request: string, what: string): T {
    if (shape(json)) return json;
    const { base, service, variable } = this.client.options;
    throw new EnvironmentFailure(
      `${service} at ${base.host} answered ${request} with something else than ${what}. Check ${variable} and its path prefix.`,
    );
  }

  #accepted(answer: Answer, doing: string): Answer {
    if (answer.status < 300) return answer;
    const { base, service, headers = {} } = this.client.options;
    const tenant = 'x-scope-orgid' in headers ? ', and RULER_TENANT' : '';
    const where = `${service} at ${base.host}`;
    if (isTenantMissing(answer)) throw new EnvironmentFailure(tenantMissing(where, headers));
    if (answer.status === 401)
      throw new EnvironmentFailure(
        `${where} does not accept the credentials (PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD, or PROMETHEUS_TOKEN${tenant}).`,
      );
    if (answer.status === 404)
      throw new EnvironmentFailure(
        `${where} has no such API (404 when asked to ${doing}). Check PROMETHEUS_URL and its path prefix.`,
      );
    const words = serverWords(answer, this.client.redact);
    throw new EnvironmentFailure(`${where} refused to ${doing} (${answer.status})${words && `: ${words}`}.`);
  }
}
