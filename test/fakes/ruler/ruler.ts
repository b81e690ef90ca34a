import { parse, stringify } from 'yaml';
import type { RuleGroup } from '../../../src/provision/rule.ts';
import { parseGroups } from '../../../src/provision/rule-file.ts';
import { type FakeRequest, type FakeResponse, type Handler, text } from '../wire/types.ts';
import type { FakeRules } from './rules.ts';

/** Fields that a ruler knows; it decodes strictly. */
const groupFields = ['name', 'interval', 'limit', 'query_offset', 'rules'];
const ruleFields = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];

export interface FakeRulerOptions {
  readonly flavour: 'mimir' | 'cortex';
  readonly tenant: string | undefined;
  readonly authorization: string | undefined;
  readonly mostRules: number;
  readonly mostGroups: number;
}

/** The configuration API of a Mimir or Cortex ruler; what is configured is run by the given reading side. */
export class FakeRuler {
  /** Groups as they were posted, by namespace and name. */
  readonly namespaces = new Map<string, Map<string, unknown>>();
  /** Names of groups in the order in which they were posted. */
  readonly posts: string[] = [];
  readonly #rules: FakeRules;
  readonly #options: FakeRulerOptions;

  constructor(rules: FakeRules, options: Partial<FakeRulerOptions> = {}) {
    this.#rules = rules;
    this.#options = {
      flavour: 'mimir',
      tenant: undefined,
      authorization: undefined,
      mostRules: 20,
      mostGroups: 70,
      ...options,
    };
  }

  /** Mimir serves everything below its Prometheus prefix; Cortex has its own paths. */
  readonly handler: Handler = (request) => {
    const { flavour, tenant, authorization } = this.#options;
    if (authorization && request.headers.authorization !== authorization) return text(401, 'unauthorized');
    if (tenant && request.headers['x-scope-orgid'] !== tenant) return text(401, 'no org id');
    const prefix = flavour === 'mimir' ? '/prometheus/config/v1/rules' : '/api/v1/rules';
    if (request.path === prefix || request.path.startsWith(`${prefix}/`))
      return this.#configure(request, request.path.slice(prefix.length + 1));
    if (!request.path.startsWith('/prometheus/')) return text(404, '404 page not found');
    return this.#rules.handler({ ...request, path: request.path.slice('/prometheus'.length) });
  };

  #configure(request: FakeRequest, rest: string): FakeResponse {
    const [namespace = '', group] = rest.split('/').filter(Boolean).map(decodeURIComponent);
    const groups = this.namespaces.get(namespace) ?? new Map<string, unknown>();
    switch (request.method) {
      case 'GET':
        if (namespace === '') return this.#listAll();
        return groups.size === 0
          ? text(404, 'no rule groups found')
          : text(200, stringify({ [namespace]: [...groups.values()] }), 'application/yaml');
      case 'POST':
        return this.#post(request, namespace, groups);
      case 'DELETE':
        if (group === undefined || !groups.delete(group)) return text(404, 'group does not exist');
        this.#run();
        return text(202, '');
      default:
        return text(405, 'method not allowed');
    }
  }

  /** Every namespace of the tenant that has groups. */
  #listAll(): FakeResponse {
    const all = [...this.namespaces].filter(([, groups]) => groups.size > 0);
    if (all.length === 0) return text(404, 'no rule groups found');
    const shown = Object.fromEntries(all.map(([name, groups]) => [name, [...groups.values()]]));
    return text(200, stringify(shown), 'application/yaml');
  }

  #post(request: FakeRequest, namespace: string, groups: Map<string, unknown>): FakeResponse {
    const { mostRules, mostGroups } = this.#options;
    if (request.headers['content-type'] !== 'application/yaml') return text(400, 'unexpected content type');
    const group = parse(request.body) as { name?: string; rules?: Record<string, unknown>[] } | null;
    // Exactly one group; a whole file is refused.
    if (!group || typeof group.name !== 'string' || !Array.isArray(group.rules))
      return text(400, 'unable to decode rule group');
    const unknown = [
      ...Object.keys(group).filter((key) => !groupFields.includes(key)),
      ...group.rules.flatMap((rule) => Object.keys(rule).filter((key) => !ruleFields.includes(key))),
    ];
    if (unknown.length > 0) return text(400, `field ${unknown[0]} not found in type rulefmt.RuleGroup`);
    if (mostRules > 0 && group.rules.length > mostRules)
      return text(
        400,
        `per-user rules per rule group limit (limit: ${mostRules} actual: ${group.rules.length}) exceeded`,
      );
    const total = [...this.namespaces.values()].reduce((sum, all) => sum + all.size, 0);
    if (mostGroups > 0 && !groups.has(group.name) && total >= mostGroups)
      return text(400, `per-user rule groups limit (limit: ${mostGroups} actual: ${total + 1}) exceeded`);
    groups.set(group.name, group);
    this.posts.push(group.name);
    this.namespaces.set(namespace, groups);
    this.#run();
    return text(202, '');
  }

  #run(): void {
    const all: RuleGroup[] = [...this.namespaces].flatMap(([namespace, groups]) =>
      parseGroups([...groups.values()], namespace),
    );
    this.#rules.load(all);
  }

  /** Groups of others. */
  put(
    namespace: string,
    groups: readonly { name: string; rules: readonly Record<string, unknown>[] }[],
  ): void {
    this.namespaces.set(namespace, new Map(groups.map((g) => [g.name, g])));
    this.#run();
  }
}
