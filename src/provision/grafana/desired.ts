import type { DashboardFile } from '../desired.ts';
import type { JsonObject } from '../model.ts';
import type { Owner } from '../owner.ts';
import type { DesiredDashboard } from './api.ts';
import { isObject, objectsOf } from './normalise.ts';
import { marked } from './ownership.ts';

/** The data source on which the dashboards are to open. */
export interface Pinned {
  readonly uid: string;
  readonly name: string;
}

/** Sets the value with which a dashboard's data source variable opens; without it Grafana takes its default Prometheus. */
function pin(spec: JsonObject, { uid, name }: Pinned): JsonObject {
  if (!isObject(spec.templating)) return spec;
  const list = objectsOf(spec.templating.list).map((variable) =>
    variable.type === 'datasource' && variable.query === 'prometheus'
      ? { ...variable, current: { text: name, value: uid } }
      : variable,
  );
  return { ...spec, templating: { ...spec.templating, list } };
}

/** A dashboard file as it is to be on the server. */
export function desiredDashboard(
  file: DashboardFile,
  folder: string,
  owner: Owner,
  pinned?: Pinned,
): DesiredDashboard {
  const spec = pinned ? pin(file.spec, pinned) : file.spec;
  return { uid: file.uid, title: file.title, folder, spec: marked(file.uid, spec, folder, owner) };
}
