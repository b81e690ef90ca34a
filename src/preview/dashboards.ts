import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { projectPath } from '../lib/root.ts';
import { type Dashboard, parseDashboard } from '../panels/index.ts';

/** Where the build writes dashboards. @param generated the folder of what was built */
export const dashboardsIn = (generated: string): string => join(generated, 'grafana', 'dashboards');

/** Reads one dashboard. @throws UserError when it is none */
export function readDashboard(file: string, text = readFileSync(file, 'utf8')): Dashboard {
  try {
    return parseDashboard(text);
  } catch (error) {
    throw new UserError(
      `${projectPath(file)} is no dashboard: ${(error as Error).message}.`,
      'Run: npm run build',
    );
  }
}

/** The dashboards in a folder, by file name. @throws UserError when there are none, or naming every one that cannot be read */
export function readDashboards(folder: string): Dashboard[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0)
    throw new UserError(
      `There are no dashboards in ${projectPath(folder)}.`,
      'Run: npm run build, with the same --pipeline, or name another folder with --dashboards',
    );
  const errors: string[] = [];
  const dashboards = files.sort().flatMap((name) => {
    try {
      return [readDashboard(join(folder, name))];
    } catch (error) {
      errors.push((error as Error).message);
      return [];
    }
  });
  if (errors.length > 0) throw new UserError(errors.join('\n'), 'Run: npm run build');
  return dashboards;
}
