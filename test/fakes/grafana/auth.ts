import { type FakeRequest, type FakeResponse, json } from '../wire/types.ts';
import type { GrafanaState, Role, Token } from './state.ts';

const order: readonly Role[] = ['Viewer', 'Editor', 'Admin'];

/** 401 has the same body everywhere, the newer API included. */
const unauthorized = (message: string, messageId: string): FakeResponse =>
  json(401, { extra: null, message, messageId, statusCode: 401, traceID: '' });

/** The caller's token, or the 401 that it gets. */
export function authenticate(state: GrafanaState, request: FakeRequest): Token | FakeResponse {
  const header = request.headers.authorization;
  if (!header) return unauthorized('Unauthorized', 'auth.unauthorized');
  const token = state.tokens.get(header.replace(/^Bearer /, ''));
  if (!token || !header.startsWith('Bearer ')) return unauthorized('Invalid API key', 'api-key.invalid');
  if (token.state === 'expired') return unauthorized('Expired API key', 'api-key.expired');
  if (token.state === 'revoked') return unauthorized('Revoked API key', 'api-key.revoked');
  const org = request.headers['x-grafana-org-id'];
  if (org !== undefined && Number(org) !== token.org)
    return unauthorized(
      'API key does not belong to the requested organization',
      'api-key.organization-mismatch',
    );
  return token;
}

export const may = (token: Token, needed: Role): boolean =>
  order.indexOf(token.role) >= order.indexOf(needed);

/** A refusal for lack of a permission, as each of the two APIs words it. */
export const deniedLegacy = (permission: string): FakeResponse =>
  json(403, {
    accessErrorId: 'ACE0000000001',
    message: `You'll need additional permissions to perform this action. Permissions needed: ${permission}`,
    title: 'Access denied',
  });

/** A Kubernetes Status, the newer API's error body. */
export const status = (
  code: number,
  reason: string,
  message: string,
  details: Record<string, unknown> = {},
): FakeResponse =>
  json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details,
    code,
  });

export const namespaceOf = (token: Token): string => (token.org === 1 ? 'default' : `org-${token.org}`);
