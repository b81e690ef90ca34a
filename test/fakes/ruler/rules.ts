import type { Clock } from '../../../src/lib/clock.ts';
import type { Rule, RuleGroup } from '../../../src/provision/rule.ts';
import { type FakeRequest, type FakeResponse, type Handler, json, text } from '../wire/types.ts';

interface Running {
  readonly group: RuleGroup;
  readonly loadedAt: number;
}

/** An expression in one spelling: what a server's printer would make of it. Enough of one for tests. */
export function printed(expr: string): string {
  return expr
    .replace(/\s+/g, ' ')
    .replace(/\s*([(){},])\s*/g, '$1')
    .trim();
}

const unreadable = (expr: string): boolean =>
  expr.trim() === '' || (expr.match(/\(/g) ?? []).length !== (expr.match(/\)/g) ?? []).length;

/** Credentials that a fake asks for; undefined lets everybody in. */
export type Authorization = string | undefined;

/** The reading side of a Prometheus: rules that run, their health, the version of our bundle. */
export class FakeRules {
  readonly clock: Clock;
  /** Reasons by rule name; such a rule loads, and fails at every evaluation. */
  readonly broken = new Map<string, string>();
  /** Requests to `/-/reload` end like this. */
  onReload: () => FakeResponse = () => text(200, '');
  /** The result of an expression that is asked. */
  results: (expr: string) => readonly { metric: Record<string, string> }[] = () => [];
  /** Expressions that cannot be evaluated on their own, by a part of them. */
  readonly unanswerable = new Map<string, string>();
  /** Until then the server reads its write-ahead log and answers nothing else. */
  replaysUntil = 0;
  /** Status of a server without format_query. */
  cannotFormat: number | undefined;
  authorization: Authorization;
  reloads = 0;
  #running: Running[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs these groups from now on. Groups that stay the same go on undisturbed. */
  load(groups: readonly RuleGroup[]): void {
    const now = this.clock.now();
    const before = new Map(this.#running.map((r) => [`${r.group.file};${r.group.name}`, r]));
    this.#running = groups.map((group) => {
      const old = before.get(`${group.file};${group.name}`);
      return old && JSON.stringify(old.group) === JSON.stringify(group) ? old : { group, loadedAt: now };
    });
  }

  get groups(): RuleGroup[] {
    return this.#running.map((r) => r.group);
  }

  /** Versions that the evaluated bundle rule shows. */
  versions(): string[] {
    return this.#running
      .filter((r) => this.#evaluatedAt(r) > 0)
      .flatMap((r) => r.group.rules)
      .filter((rule) => rule.name === 'deployment_observability:bundle:info')
      .flatMap((rule) => rule.labels.version ?? []);
  }

  readonly handler: Handler = (request) => {
    if (this.authorization && request.headers.authorization !== this.authorization)
      return text(401, 'Unauthorized');
    const left = this.replaysUntil - this.clock.now();
    if (request.path === '/api/v1/status/walreplay')
      return json(200, { status: 'success', data: { min: 0, max: 10, current: left > 0 ? 4 : 10 } });
    if (left > 0) return text(503, 'Service Unavailable');
    switch (`${request.method} ${request.path}`) {
      case 'GET /api/v1/rules':
        return json(200, { status: 'success', data: { groups: this.#running.map((r) => this.#show(r)) } });
      case 'POST /api/v1/query':
        return this.#evaluate(new URLSearchParams(request.body).get('query') ?? '');
      case 'POST /api/v1/format_query':
        return this.#format(request);
      case 'POST /-/reload':
        this.reloads++;
        return { ...this.onReload(), headers: { date: new Date(this.clock.now()).toUTCString() } };
      case 'GET /-/reload':
        return text(405, 'Only POST or PUT requests allowed');
      default:
        return text(404, '404 page not found');
    }
  };

  #evaluatedAt({ group, loadedAt }: Running): number {
    const interval = (group.interval ?? 60) * 1000;
    // Groups are spread over their interval; a fixed third of it here.
    const first = loadedAt + interval / 3;
    const now = this.clock.now();
    return now < first ? 0 : first + Math.floor((now - first) / interval) * interval;
  }

  #show(running: Running): unknown {
    const { group } = running;
    const at = this.#evaluatedAt(running);
    const lastEvaluation = at === 0 ? '0001-01-01T00:00:00Z' : new Date(at).toISOString();
    return {
      name: group.name,
      file: group.file,
      interval: group.interval ?? 60,
      limit: group.limit,
      lastEvaluation,
      rules: group.rules.map((rule) => this.#showRule(rule, at, lastEvaluation)),
    };
  }

  #showRule(rule: Rule, at: number, lastEvaluation: string): unknown {
    const error = this.broken.get(rule.name);
    const common = {
      name: rule.name,
      query: printed(rule.expr),
      labels: rule.labels,
      health: at === 0 ? 'unknown' : error ? 'err' : 'ok',
      lastEvaluation,
      ...(at > 0 && error && { lastError: error }),
    };
    if (rule.kind === 'record') return { ...common, type: 'recording' };
    const { for: duration, keepFiringFor, annotations } = rule;
    return {
      ...common,
      type: 'alerting',
      state: 'inactive',
      duration,
      keepFiringFor,
      annotations,
      alerts: [],
    };
  }

  #evaluate(expr: string): FakeResponse {
    const seconds = this.clock.now() / 1000;
    const found =
      expr === 'deployment_observability:bundle:info'
        ? this.versions().map((version) => ({ metric: { version } }))
        : this.results(expr);
    const result = found.map((one) => ({ value: [seconds, '1'], ...one }));
    const error = [...this.unanswerable].find(([part]) => expr.includes(part))?.[1];
    return error
      ? json(422, { status: 'error', errorType: 'execution', error })
      : json(200, { status: 'success', data: { resultType: 'vector', result } });
  }

  #format(request: FakeRequest): FakeResponse {
    if (this.cannotFormat) return text(this.cannotFormat, 'there is no such path');
    const expr = new URLSearchParams(request.body).get('query') ?? '';
    if (unreadable(expr))
      return json(400, {
        status: 'error',
        errorType: 'bad_data',
        error: '1:1: parse error: unclosed left parenthesis',
      });
    // Split over lines when long, as the real one does: so it must not be compared with a rule's text.
    const spelled = printed(expr);
    return json(200, {
      status: 'success',
      data: spelled.length > 60 ? spelled.replaceAll('(', '(\n  ') : spelled,
    });
  }
}
