import { parse, stringify } from 'yaml';
import { inOneUnit } from '../../lib/duration.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, type HttpClient, Superseded, serverWords } from '../../lib/http.ts';
import { refusedCredentials } from '../../lib/prometheus-api.ts';
import { sha256 } from '../desired.ts';
import type { RuleGroup } from '../rule.ts';
import { parseGroups } from '../rule-file.ts';

/** Paths of the configuration API: Mimir's first, then Cortex'. */
const prefixes = ['config/v1/rules', 'api/v1/rules'] as const;

const duration = (seconds: number): string => inOneUnit(seconds * 1_000);

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

const sorted = (map: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

/** A hash of what a group does: equal for groups that a ruler stored and gave back in its own spelling. */
export const groupHash = (group: RuleGroup): string =>
  sha256(
    JSON.stringify([
      group.name,
      group.interval ?? null,
      group.limit,
      group.queryOffset ?? null,
      group.rules.map((r) => [
        r.kind,
        r.name,
        r.expr.trim(),
        r.for,
        r.keepFiringFor,
        sorted(r.labels),
        sorted(r.annotations),
      ]),
    ]),
  ).slice(0, 12);

/** Whether both are the same group, or both are none. */
export const isSameGroup = (a: RuleGroup | undefined, b: RuleGroup | undefined): boolean =>
  a === undefined || b === undefined ? a === b : groupHash(a) === groupHash(b);

/** Groups by the namespace in which they are. */
export type Namespaces = ReadonlyMap<string, readonly RuleGroup[]>;

/** The configuration API of the rulers of Mimir and Cortex, for one namespace. */
export class RulerApi {
  readonly client: HttpClient;
  readonly namespace: string;
  #prefix: string | undefined;
  constructor(client: HttpClient, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  /** Which of the two it is, by the path at which it answers. */
  async flavour(): Promise<'Mimir' | 'Cortex'> {
    if (this.#prefix === undefined) await this.groups();
    return this.#prefix === prefixes[1] ? 'Cortex' : 'Mimir';
  }

  /** The groups of every namespace of the tenant. */
  namespaces(): Promise<Namespaces> {
    return this.#read('');
  }

  /** The groups of our namespace; none when it does not exist. */
  async groups(): Promise<readonly RuleGroup[]> {
    return (await this.#read(`/${encodeURIComponent(this.namespace)}`)).get(this.namespace) ?? [];
  }

  /**
   * Writes a group. @param before what it replaces: if the answer is lost, the group is written again only where that
   * still is @throws Superseded when the group was written by others meanwhile
   */
  async put(group: RuleGroup, before: RuleGroup | undefined): Promise<void> {
    const headers = { 'content-type': 'application/yaml' };
    const send = async (): Promise<true> => {
      const parts = { headers, body: groupYaml(group), expect: 'anything' } as const;
      this.#accepted(await this.client.once('POST', this.#path(), parts), `take the group ${group.name}`);
      return true;
    };
    await this.client.write<true>(send, () => this.#arrived(group.name, group, before));
  }

  /** Removes a group. @param before what it removes @throws Superseded as `put` does */
  async remove(name: string, before: RuleGroup): Promise<void> {
    const send = async (): Promise<true> => {
      const path = `${this.#path()}/${encodeURIComponent(name)}`;
      const answer = await this.client.once('DELETE', path, { expect: 'anything' });
      if (answer.status !== 404) this.#accepted(answer, `delete the group ${name}`);
      return true;
    };
    await this.client.write<true>(send, () => this.#arrived(name, undefined, before));
  }

  async #arrived(
    name: string,
    wanted: RuleGroup | undefined,
    before: RuleGroup | undefined,
  ): Promise<true | undefined> {
    const there = (await this.groups()).find((g) => g.name === name);
    if (isSameGroup(there, wanted)) return true;
    if (isSameGroup(there, before)) return undefined;
    throw new Superseded(`The group ${name} was changed meanwhile.`);
  }

  async #read(rest: string): Promise<Namespaces> {
    for (const prefix of this.#prefix ? [this.#prefix] : prefixes) {
      const answer = await this.client.read(`${prefix}${rest}`, {
        headers: { accept: 'application/yaml' },
        expect: 'anything',
      });
      // Both say 404 for a namespace without groups, with these words, and for a path that they do not have, without.
      const empty = answer.status === 404 && /no rule groups|group.*not.*exist/i.test(answer.text);
      if (answer.status === 404 && !empty) continue;
      if (!empty) this.#accepted(answer, 'read rule groups');
      this.#prefix = prefix;
      return empty ? new Map() : this.#parse(answer.text);
    }
    const { base } = this.client.options;
    throw new EnvironmentFailure(
      `${base.href} is no ruler: it has neither /${prefixes.join(' nor /')}. For Mimir RULER_URL ends in its Prometheus prefix (/prometheus); Cortex needs -ruler.enable-api.`,
    );
  }

  #path(): string {
    return `${this.#prefix ?? prefixes[0]}/${encodeURIComponent(this.namespace)}`;
  }

  #parse(text: string): Namespaces {
    try {
      const parsed = (parse(text) ?? {}) as Record<string, unknown[]>;
      return new Map(Object.entries(parsed).map(([name, groups]) => [name, parseGroups(groups, name)]));
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
    if (answer.status === 401) throw refusedCredentials(this.client, answer);
    const words = serverWords(answer, this.client.redact);
    throw new EnvironmentFailure(`${where} refused to ${doing} (${answer.status})${words && `: ${words}`}.`);
  }
}
