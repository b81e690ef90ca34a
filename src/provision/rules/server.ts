import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, type HttpClient, serverWords } from '../../lib/http.ts';
import {
  ask,
  PrometheusError,
  query,
  refusedCredentials,
  ruleGroups,
  type ServedRule,
  type ServedRuleGroup,
} from '../../lib/prometheus-api.ts';
import { isNumber, isRecord, isText } from '../../lib/shapes.ts';
import { ReloadRefusal } from '../delivery/delivery.ts';
import { bundleMetric } from '../names.ts';
import { mapLimited, width } from '../pool.ts';
import type { Health, Rule, ServedGroup } from '../rule.ts';

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
    return (await ruleGroups(this.client)).map(toGroup);
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
    return (await query(this.client, bundleMetric)).flatMap(({ labels }) => labels.version ?? []);
  }

  /** The series of an expression's result at this moment, or why the server cannot evaluate it. */
  async evaluate(
    expr: string,
  ): Promise<{ readonly series: readonly Readonly<Record<string, string>>[] } | { readonly error: string }> {
    try {
      return { series: (await query(this.client, expr)).map(({ labels }) => labels) };
    } catch (error) {
      if (error instanceof PrometheusError && error.reason && [400, 422].includes(error.status))
        return { error: error.reason };
      throw error;
    }
  }

  /** Spells expressions as the server does, so that texts can be compared; each is asked once per run. */
  async spell(expressions: readonly string[]): Promise<ReadonlyMap<string, Canonical>> {
    const unknown = [...new Set(expressions)].filter((e) => !this.#spelled.has(e));
    await mapLimited(unknown, width, async (expr) => {
      this.#spelled.set(expr, this.#cannotSpell ? { text: squeeze(expr) } : await this.#spellOne(expr));
    });
    return this.#spelled;
  }

  async #spellOne(expr: string): Promise<Canonical> {
    try {
      const options = { form: { query: expr }, what: 'an expression' };
      return { text: (await ask(this.client, 'api/v1/format_query', isText, options)).data };
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      if (error.status === 400 && error.reason) return { error: error.reason };
      // VictoriaMetrics answers a path that it does not know with 400 and no reason.
      if (error.status !== 404 && error.status !== 400) throw error;
      this.#cannotSpell = true;
      return { text: squeeze(expr) };
    }
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
    if (answer.status === 401) throw refusedCredentials(this.client, answer);
    if (answer.status >= 300)
      throw new EnvironmentFailure(
        `Prometheus at ${host} refused to reload its rules (${answer.status}): ${serverWords(answer, this.client.redact)}. Check PROMETHEUS_URL and its path prefix.`,
      );
    const date = Date.parse(answer.headers.get('date') ?? '');
    // The header has whole seconds: what is evaluated in the same one may still be the old rules.
    return Number.isNaN(date) ? this.client.clock.now() : date + 1000;
  }
}
