import { clientOf, type Dependencies, type Options } from '../context.ts';
import type { Desired } from '../desired.ts';
import type { Destination, PlannedChange } from '../model.ts';
import { owner } from '../owner.ts';
import type { Settings } from '../settings.ts';
import { goingBack, type Marked, planAnnotation, readHistory } from './annotation.ts';
import type { ActualDashboard, ActualFolder, DesiredDashboard } from './api.ts';
import { connect, type GrafanaServer } from './connect.ts';
import {
  type DatasourceState,
  datasourceNotes,
  ownDatasource,
  planDatasource,
  readDatasource,
} from './datasource.ts';
import { desiredDashboard, type Pinned } from './desired.ts';
import { readFolders } from './folders.ts';
import { inFolder, planDashboards } from './plan.ts';

/** The Grafana half: what was found there, and what is to be done. */
export interface GrafanaHalf {
  readonly server: GrafanaServer;
  readonly folders: readonly ActualFolder[];
  /** Uid of the folder around each that is to be made. */
  readonly parents: ReadonlyMap<string, string>;
  readonly dashboards: readonly DesiredDashboard[];
  /** Those that are there: with our uids, or our tag. */
  readonly actual: readonly ActualDashboard[];
  readonly datasource: DatasourceState;
  /** The annotation that says that everything was applied. */
  readonly annotation: Marked;
  readonly destination: Destination;
  readonly changes: readonly PlannedChange[];
  readonly notes: readonly string[];
}

/**
 * The data source on which the dashboards open: only one that was named, or made by us. Otherwise Grafana's default
 * decides, as it does for a dashboard that is imported by hand.
 */
function pinned(state: DatasourceState, wanted: string | undefined, creating: boolean): Pinned | undefined {
  if (state.state === 'missing' && creating) return ownDatasource;
  if (state.state !== 'found') return undefined;
  const { uid, name } = state.source;
  return wanted !== undefined || uid === ownDatasource.uid ? { uid, name } : undefined;
}

/**
 * Reads what Grafana has, and plans. Changes nothing.
 * @param asked bundle versions that PROMETHEUS_URL runs; undefined when it was not asked
 */
export async function readGrafana(
  desired: Desired,
  settings: Settings,
  asked: readonly string[] | undefined | Promise<readonly string[] | undefined>,
  options: Options,
  world: Dependencies,
): Promise<GrafanaHalf | undefined> {
  const { grafana } = settings;
  if (grafana === undefined) return undefined;
  const { flags } = options;
  const server = await connect(clientOf('Grafana', grafana, settings, world));
  const place = await readFolders(server.api, grafana, flags);
  const { folder } = place;
  const datasource = await readDatasource(server, grafana.datasource);
  const served = await asked;
  const source = planDatasource(datasource, served, flags, grafana.newDatasource?.url);
  const creating = source.action === 'create' && source.needs === undefined;
  const pin = pinned(datasource, grafana.datasource, creating);
  const us = owner(desired.name, settings.environment);
  const dashboards = desired.dashboards.map((file) => desiredDashboard(file, folder.uid, us, pin));
  const actual = await server.api.dashboards(dashboards.map((d) => d.uid));
  const annotation = { version: desired.version, owner: us };
  const history = await readHistory(server.client, annotation);
  return {
    server,
    folders: place.folders,
    parents: place.parents,
    dashboards,
    actual,
    datasource,
    annotation,
    destination: {
      target: 'grafana',
      where: `${grafana.url.href} (${server.label}), folder "${place.path}"`,
    },
    changes: [
      ...place.changes,
      source,
      ...inFolder(
        folder.change,
        planDashboards(dashboards, actual, { owner: us, folder: folder.uid }, flags),
      ),
      planAnnotation(desired.version, history.annotated),
    ],
    notes: [...datasourceNotes(datasource, served, desired.version), ...goingBack(history, desired.version)],
  };
}
