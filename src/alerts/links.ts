import { uids } from '../dashboards/index.ts';
import { binary, grafanaAddress, max, metric, or, runbookAddress, times } from '../metrics/index.ts';
import type { About, Alert } from './alert.ts';
import { thisDeployment } from './parts.ts';
import { labelInUrl, lookupValue, type Text, text } from './text.ts';

/** A minute before the deployment began, in milliseconds, as Grafana wants it. */
const from: Text = lookupValue(
  {
    query: times(
      1000,
      binary(
        max(
          or(
            metric('deployment_started_timestamp_seconds', thisDeployment),
            metric('recent_deployment:started_timestamp_seconds:min', thisDeployment),
          ),
        ),
        '-',
        60,
      ),
    ),
    otherwise: 'now-6h',
  },
  0,
);

const address = (uid: string): Text => text`${grafanaAddress}/d/${uid}/`;

/** The dashboard about one deployment, without a time. */
export const troubleshooting = <E extends string, D extends string>(
  environment: Text<E>,
  deployment: Text<D>,
): Text<E | D> =>
  text`${address(uids.troubleshooting)}?var-environment=${environment}&var-deployment=${deployment}`;

/** Where each kind of alert leads: onto the very deployment, or onto the environment or SLO. */
const links: Readonly<Record<About, Text<string>>> = {
  deployment: text`${troubleshooting(labelInUrl('environment'), labelInUrl('deployment_id'))}&from=${from}&to=now`,
  environment: text`${address(uids.overview)}?var-environment=${labelInUrl('environment')}`,
  slo: text`${address(uids.slo)}?var-environment=${labelInUrl('environment')}&var-slo=${labelInUrl('slo')}`,
  system: address(uids.overview),
};

/** The dashboard that an alert opens. */
export const dashboardUrl = ({ about }: Pick<Alert, 'about'>): Text<string> => links[about];

/** The page of an alert's runbook. */
export const runbookUrl = (name: string): string => `${runbookAddress}/${name}.md`;
