import type { Pipeline } from '../../src/pipeline/index.ts';

/** Where the hosts show the logs of the services, by host; parts of an address become the dashboard's variables. */
export const hostedLogs = ({ hosting }: Pipeline): readonly { title: string; url: string }[] =>
  Object.values(hosting)
    .filter(({ logs }) => logs !== '')
    .map(({ title, logs }) => ({
      title,
      url: logs
        .replaceAll('{service}', '${service}')
        .replaceAll('{environment}', '${environment}')
        .replaceAll('{deployment_id}', '${deployment}'),
    }));
