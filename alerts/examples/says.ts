import type { Notification } from '../../src/alerts/index.ts';

/** Notifications about production, or about one of its deployments or SLOs. */
export const says = (
  about: Readonly<Record<string, string>>,
  summary: string,
  description: string,
  deployments?: readonly string[],
): Notification => ({
  labels: { environment: 'production', ...about },
  summary,
  description,
  ...(deployments && { deployments }),
});
