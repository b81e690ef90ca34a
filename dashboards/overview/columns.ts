import {
  checkMappings,
  colour,
  currencyUnit,
  graded,
  hiddenColumn,
  type Override,
  openMapping,
  outcomeMappings,
  reasonMappings,
  troubleshootRow,
} from '../../src/dashboards/index.ts';
import type { Pipeline } from '../../src/pipeline/index.ts';

/** Columns of tables of deployments, each once: where it comes from, its heading, and how it looks. */

interface Column {
  /** Grafana's name of what a query answers. */
  readonly of: string;
  readonly heading: string;
  readonly look?: Omit<Override, 'name'>;
}

const details = [{ title: 'Why: stages, errors and what came after', url: troubleshootRow }];
const coloured = { cellOptions: { type: 'color-text' } } as const;
const checks = { mappings: checkMappings, custom: { ...coloured, width: 130 } } as const;

const columns = {
  id: { of: 'deployment_id', heading: 'Deployment', look: { links: details, custom: { width: 120 } } },
  triggered: {
    of: 'Value #Triggered',
    heading: 'Triggered',
    look: { unit: 'dateTimeAsIso', custom: { width: 160 } },
  },
  status: {
    of: 'Value #Outcome',
    heading: 'Status',
    look: {
      unit: 'none',
      mappings: outcomeMappings,
      links: details,
      custom: { ...coloured, width: 120, align: 'left' },
    },
  },
  finished: {
    of: 'Value #Finished',
    heading: 'Finished',
    look: { unit: 'dateTimeFromNow', custom: { width: 140, align: 'left' } },
  },
  failed: { of: 'failed', heading: 'Failed stage', look: { custom: { width: 145 } } },
  duration: {
    of: 'Value #Duration',
    heading: 'Duration',
    look: { unit: 'dthms', custom: { ...coloured, width: 90 } },
  },
  stages: { of: 'stages', heading: 'Stages', look: { custom: { width: 80 } } },
  health: { of: 'health', heading: 'Health checks', look: checks },
  tests: { of: 'tests', heading: 'Smoke tests', look: checks },
  rollback: {
    of: 'Value #Rollback',
    heading: 'Rolled back for',
    look: { unit: 'none', mappings: reasonMappings, custom: { width: 145, align: 'left' } },
  },
  cost: {
    of: 'Value #Cost',
    heading: 'Cost',
    look: { unit: currencyUnit, decimals: 2, custom: { width: 75 } },
  },
  branch: { of: 'branch', heading: 'Branch', look: { custom: { minWidth: 90, wrapText: true } } },
  version: { of: 'version', heading: 'Version', look: { custom: { minWidth: 90, wrapText: true } } },
  who: { of: 'actor', heading: 'Who', look: { custom: { width: 85 } } },
  run: {
    of: 'run_url',
    heading: 'Run',
    look: {
      mappings: [openMapping('open')],
      links: [{ title: 'The run in CI', url: '${__value.raw}', newTab: true }],
      custom: { width: 70 },
    },
  },
  environment: { of: 'environment', heading: 'Environment', look: { custom: { width: 115 } } },
  preview: { of: 'preview', heading: 'Preview', look: { custom: { width: 100 } } },
} as const satisfies Record<string, Column>;

/** Hidden columns, for the links. */
const linked: readonly Column[] = ['From', 'To'].map((name) => ({ of: `Value #${name}`, heading: name }));

/**
 * Settings of a table of deployments.
 * @param names its columns, from left to right
 * @param unread what its queries answer besides
 */
export function deploymentColumns(
  names: readonly (keyof typeof columns)[],
  unread: readonly string[],
  { targets }: Pipeline,
) {
  const shown: readonly Column[] = names.map((name) => columns[name]);
  const all = [...shown, ...linked];
  const looks = shown.map(({ heading, look }): Override => ({ name: heading, ...look }));
  return {
    organize: {
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(unread.map((name) => [name, true])),
        indexByName: Object.fromEntries(all.map(({ of }, index) => [of, index])),
        renameByName: Object.fromEntries(all.map(({ of, heading }) => [of, heading])),
      },
    },
    overrides: [
      ...looks.map((look) =>
        look.name === columns.duration.heading
          ? { ...look, thresholds: graded(0, colour.neutral, [targets.timeToDeploy.seconds, colour.bad]) }
          : look,
      ),
      ...linked.map(({ heading }) => hiddenColumn(heading)),
    ],
  };
}
