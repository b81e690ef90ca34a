import { parse, stringify } from 'yaml';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, type HttpClient, serverWords } from '../../lib/http.ts';
import type { RuleGroup } from './model.ts';
import { parseGroups } from './parse.ts';

/** Paths of the configuration API: Mimir's first, then Cortex'. */
const prefixes = ['config/v1/rules', 'api/v1/rules'] as const;

const duration = (seconds: number): string =>
  Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;

/** A group as the ruler takes it. Group labels are already in the rules: older rulers do not know them. */
export function groupYaml(group: RuleGroup): string {
  return stringify({
    name: group.name,
    ...(group.interval !== undefined && { interval: duration(group.interval) }),
    ...(group.limit > 0 && { limit: group.limit }),
    ...(group.queryOffset !== undefined && { query_offset: group.queryOffset }),
    rules: group.rules.map((rule) => ({
      [rule.kind]: rule.name,
      expr: rule.expr,
      ...(rule.for > 0 && { for: duration(rule.for) }),
      ...(rule.keepFiringFor > 0 && { keep_firing_for: duration(rule.keepFiringFor) }),
      ...(Object.keys(rule.labels).length > 0 && { labels: rule.labels }),
      ...(Object.keys(rule.annotations).length > 0 && { annotations: rule.annotations }),
    })),
  });
}

/** The configuration API of the rulers of Mimir and Cortex, for one namespace. */
export class RulerApi {
  readonly client: HttpClient;
  readonly namespace: string;
  #prefix: string | undefined;
  constructor(client: HttpClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  /** The groups of the namespace; none when it does not exist. */
  async groups(): Promise<RuleGroup[]> {
    for (const prefix of this.#prefix ? [this.#prefix] : prefixes) {
      const path = `${prefix}/${encodeURIComponent(this.namespace)}`;
      const answer = await this.client.read(path, {
        headers: { accept: 'application/yaml' },
        expect: 'anything',
      });
      // Both say 404 for a namespace without groups, with these words, and for a path that they do not have, without.
      const empty = answer.status === 404 && /no rule groups|group.*not.*exist/i.test(answer.text);
      if (answer.status === 404 && !empty) continue;
      if (!empty) this.#accepted(answer, 'read rule groups');
      this.#prefix = prefix;
      return empty ? [] : this.#parse(answer.text);
    }
    const { base } = this.client.options;
    throw new EnvironmentFailure(
      `${base.href} is no ruler: it has neither /${prefixes.join(' nor /')}. For Mimir RULER_URL ends in its Prometheus prefix (/prometheus); Cortex needs -ruler.enable-api.`,
    );
  }

  async put(group: RuleGroup): Promise<void> {
    // A group is replaced as a whole, so sending it twice is the same as once.
    const headers = { 'content-type': 'application/yaml' };
    const body = groupYaml(group);
    const send = (): Promise<Answer> =>
      this.client.once('POST', this.#path(), { headers, body, expect: 'anything' });
    const answer = await this.client.write(send, async () => undefined);
    this.#accepted(answer, `take the group ${group.name}`);
  }

  async remove(name: string): Promise<void> {
    const send = (): Promise<Answer> =>
      this.client.once('DELETE', `${this.#path()}/${encodeURIComponent(name)}`, { expect: 'anything' });
    const answer = await this.client.write(send, async () => undefined);
    if (answer.status !== 404) this.#accepted(answer, `delete the group ${name}`);
  }

  #path(): string {
    return `${this.#prefix ?? prefixes[0]}/${encodeURIComponent(this.namespace)}`;
  }

  #parse(text: string): RuleGroup[] {
    try {
      const parsed = parse(text) as Record<string, unknown[]> | null;
      return parseGroups(parsed?.[this.namespace] ?? [], this.namespace);
    } catch {
      throw new EnvironmentFailure(
        `The ruler at ${this.client.options.base.host} answered with something that is no YAML.`,
      );
    }
  }

  #accepted(answer: Answer, doing: string): void {
    if (answer.status < 300) return;
    const { base } = this.client.options;
    const where = `The ruler at ${base.host}`;
    if (answer.status === 401)
      throw new EnvironmentFailure(
        `${where} does not accept the credentials (RULER_USERNAME and RULER_PASSWORD, or RULER_TOKEN, and RULER_TENANT).`,
      );
    const words = serverWords(answer, this.client.redact);
    throw new EnvironmentFailure(`${where} refused to ${doing} (${answer.status})${words && `: ${words}`}.`);
  }
}
