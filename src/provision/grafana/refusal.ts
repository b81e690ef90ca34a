import { EnvironmentFailure } from '../../lib/errors.ts';
import { type Answer, type HttpClient, serverWords } from '../../lib/http.ts';
import { stripControls } from '../../lib/sanitize.ts';
import { isRecord, isText } from '../../lib/shapes.ts';

/** Purpose of a call and the permission that it needs, for the message when the server refuses. */
export interface Purpose {
  /** As in "may not …": `create dashboards`. */
  readonly doing: string;
  /** Action and scope of Grafana's access control. */
  readonly permission: string;
  /** Basic role that has it. */
  readonly role: 'Viewer' | 'Editor' | 'Admin';
}

/** `credentials` and `proxy` stop everything; `conflict` stops one object; the others say what is wrong with one request. */
export type RefusalKind = 'credentials' | 'proxy' | 'forbidden' | 'missing' | 'conflict' | 'invalid';

/** Grafana understood the request and refused it. */
export class GrafanaRefusal extends EnvironmentFailure {
  readonly kind: RefusalKind;
  readonly status: number;
  constructor(kind: RefusalKind, status: number, message: string) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** Kubernetes' causes for the fields that it refuses. */
function causesIn(details: unknown): string[] {
  const causes = isRecord(details) && Array.isArray(details.causes) ? details.causes : [];
  return causes
    .filter(isRecord)
    .map(({ field, message }) => [field, message].filter(isText).join(' ').trim());
}

/** Sentences for the ways in which Grafana says 401. */
function credentials(messageId: unknown, words: string): string {
  switch (messageId) {
    case 'api-key.expired':
      return 'GRAFANA_TOKEN has expired. Make a new token for the service account and set it.';
    case 'api-key.revoked':
      return 'GRAFANA_TOKEN was revoked. Make a new token for the service account and set it.';
    case 'api-key.organization-mismatch':
      return 'GRAFANA_TOKEN belongs to another organisation of this Grafana.';
    case 'api-key.invalid':
      return 'Grafana does not know GRAFANA_TOKEN. It must be the token of a service account of this Grafana (glsa_…); Grafana Cloud access policy tokens (glc_…) do not work here.';
    default:
      return `Grafana does not accept GRAFANA_TOKEN${words ? ` ("${words}")` : ''}. It must be the token of a service account (glsa_…).`;
  }
}

function forbidden(purpose: Purpose, words: string): string {
  if (/quota/i.test(words)) return `Grafana's quota is used up: ${words}`;
  return `The service account may not ${purpose.doing}: it needs ${purpose.permission} (the role ${purpose.role} has it). Grafana says: ${words || 'no reason'}`;
}

/** Grafana refuses in JSON, with a message. What refuses otherwise stands before it. */
const isProxys = ({ status, json, headers }: Answer): boolean =>
  status === 407 ||
  ((status === 401 || status === 403) &&
    !(
      isRecord(json) &&
      (isText(json.message) || isText(json.messageId)) &&
      !headers.has('proxy-authenticate')
    ));

function byProxy(client: HttpClient, answer: Answer): string {
  const { base, variable } = client.options;
  const scheme = answer.headers.get('www-authenticate')?.split(' ')[0];
  const asks = scheme ? ` It asks for ${scheme} authentication of its own.` : '';
  return `A proxy before Grafana at ${base.host} refused the request (${answer.status}), not Grafana: GRAFANA_TOKEN never got there.${asks} Let ${base.pathname}api and ${base.pathname}apis pass with the Authorization header as it is, or set ${variable} to an address behind the proxy.`;
}

/** The refusal that a 4xx answer means. @param purpose what the request was for */
export function refusal(client: HttpClient, answer: Answer, purpose: Purpose): GrafanaRefusal {
  if (isProxys(answer)) return new GrafanaRefusal('proxy', answer.status, byProxy(client, answer));
  const { messageId, details } = isRecord(answer.json) ? answer.json : {};
  const words = serverWords(answer, client.redact);
  const { status } = answer;
  if (status === 401) return new GrafanaRefusal('credentials', status, credentials(messageId, words));
  if (status === 403) return new GrafanaRefusal('forbidden', status, forbidden(purpose, words));
  if (status === 409 || status === 412)
    return new GrafanaRefusal('conflict', status, words || 'it was changed by others');
  if (status === 404) {
    const where = words || 'not found';
    return new GrafanaRefusal('missing', status, `Grafana cannot ${purpose.doing}: ${where}`);
  }
  if (status === 413)
    return new GrafanaRefusal(
      'invalid',
      status,
      `Grafana cannot ${purpose.doing}: it is too large (over 16 MB).`,
    );
  const causes = causesIn(details).filter((cause) => cause && !words.includes(cause));
  const said = [words || `status ${status}`, ...causes.slice(0, 5)].join('; ');
  return new GrafanaRefusal(
    'invalid',
    status,
    `Grafana cannot ${purpose.doing}: ${stripControls(client.redact(said))}`,
  );
}

/** The answer, if it is a 2xx. @throws GrafanaRefusal otherwise */
export function accepted(client: HttpClient, answer: Answer, purpose: Purpose): Answer {
  if (answer.status < 300) return answer;
  throw refusal(client, answer, purpose);
}
