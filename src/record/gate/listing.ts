import { joinUrl } from '../../lib/url.ts';
import type { Gateway } from '../gateway.ts';
import { NoAnswer, send } from '../http.ts';
import { judge, judgeNoAnswer } from '../judge.ts';
import { type ListedGroup, listedGroups } from '../sweep.ts';
import { NotAsked } from './prometheus.ts';

/** What a gateway holds; `off` when there is none to ask. */
export type Listing = readonly ListedGroup[] | 'off';

/** Nothing is known of this gateway's size, so it may be as large as it likes; more than this is not read. */
const longestListing = 4 * 1_048_576;

/** All groups of the gateway. @throws NotAsked */
export async function listGroups(gateway: Gateway): Promise<Listing> {
  if (gateway.kind === 'disabled') return 'off';
  if (gateway.kind === 'unusable') throw new NotAsked(gateway.problems.join(' '));
  const { base, headers } = gateway;
  try {
    const url = joinUrl(base, 'api/v1/metrics');
    const answer = await send({ method: 'GET', url, headers, timeoutMs: 10_000, maxBytes: longestListing });
    const verdict = judge(answer, gateway, Date.now(), 'list');
    if (verdict.kind !== 'sent') throw new NotAsked(verdict.reason);
    const groups = listedGroups(answer.body);
    if (groups) return groups;
    throw new NotAsked(
      `${base.host} answered ${answer.status} with something that is no list of groups: check PUSHGATEWAY_URL and its path prefix.`,
    );
  } catch (error) {
    if (error instanceof NotAsked) throw error;
    const verdict =
      error instanceof NoAnswer
        ? judgeNoAnswer(error.code, base.host)
        : { reason: `${base.host} did not answer like a Pushgateway.` };
    throw new NotAsked('reason' in verdict ? verdict.reason : '');
  }
}
