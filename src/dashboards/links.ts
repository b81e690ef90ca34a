import { uids } from '../pipeline/index.ts';

export { uids };

// How a dashboard of this bundle is opened on something.

/** Titles of the dashboards. */
export const titles = {
  overview: 'Deployment Pipeline Overview',
  troubleshooting: 'Deployment Troubleshooting',
  slo: 'Deployment SLOs',
  dora: 'Deployment History and DORA',
} as const satisfies Record<keyof typeof uids, string>;
type Name = keyof typeof uids;

/** A link at the top right of a dashboard; it keeps the time span. */
export interface SiblingLink {
  readonly title: string;
  readonly url: string;
  /** Hands on all variables, whichever the other one has. */
  readonly withVariables: boolean;
}

/** The variable with the one environment that is opened where several are chosen. */
export const newestEnvironment = 'newest_environment';

/**
 * Links from a dashboard that may show several environments to the others. The troubleshooting dashboard shows one:
 * Grafana would hand it "All" or a list, which it takes for the name of an environment that has no deployments.
 * @param shared variables, besides the environment, that both have
 */
export const siblingsOf = (
  own: Exclude<Name, 'troubleshooting'>,
  shared: readonly string[] = [],
): SiblingLink[] =>
  (Object.keys(uids) as Name[])
    .filter((name) => name !== own)
    .map((name) => {
      const [title, path] = [titles[name], `/d/${uids[name]}`];
      if (name !== 'troubleshooting') return { title, url: path, withVariables: true };
      const variables = [
        `var-environment=\${${newestEnvironment}}`,
        ...shared.map((variable) => `\${${variable}:queryparam}`),
        'var-datasource=${datasource}',
      ];
      return { title, url: `${path}?${variables.join('&')}`, withVariables: false };
    });

const datasource = 'var-datasource=${datasource}';

/**
 * Opens the troubleshooting dashboard on the deployment of a table's row, on its own time span.
 * The row needs columns `Environment`, `Deployment`, and `From` and `To` in milliseconds.
 */
export const troubleshootRow: string =
  `/d/${uids.troubleshooting}/?from=\${__data.fields.From.numeric}&to=\${__data.fields.To.numeric}` +
  `&var-environment=\${__data.fields.Environment}&var-deployment=\${__data.fields.Deployment}&${datasource}`;

/** Opens it on the deployment of a row with columns `Environment` and `Deployment`. */
export const troubleshootCell: string =
  `/d/${uids.troubleshooting}/?var-environment=\${__data.fields.Environment}` +
  `&var-deployment=\${__data.fields.Deployment}&${datasource}`;

/** Opens the time span of the deployment that the troubleshooting dashboard shows. */
export const ownSpan: string =
  `/d/${uids.troubleshooting}/?from=\${span_from}&to=\${span_to}&\${environment:queryparam}` +
  `&\${deployment:queryparam}&\${service:queryparam}&\${comparison:queryparam}&${datasource}`;

/** Opens it on the deployment of a series. */
export const troubleshootSeries: string =
  `/d/${uids.troubleshooting}/?var-environment=\${__field.labels.environment}` +
  `&var-deployment=\${__field.labels.deployment_id}&${datasource}`;

/** Opens the history of stages on what the troubleshooting dashboard shows, over thirty days. */
export const stageHistory: string = `/d/${uids.dora}/?from=now-30d&to=now&var-environment=\${environment}&\${service:queryparam}&${datasource}`;

/** Opens the history of stages on the environments that are chosen, over thirty days. */
export const stageHistoryAddress: string = `/d/${uids.dora}/?from=now-30d&to=now&\${environment:queryparam}&${datasource}`;

/** Opens the objectives of the environments that are chosen, over this month. */
export const sloAddress: string = `/d/${uids.slo}/?\${environment:queryparam}&${datasource}`;
