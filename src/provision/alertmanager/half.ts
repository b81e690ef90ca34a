import { parse } from 'yaml';
import { routingSentences } from '../../diff/index.ts';
import { EnvironmentFailure } from '../../lib/errors.ts';
import { HttpFailure } from '../../lib/http.ts';
import { clientOf, type Dependencies, type Options } from '../context.ts';
import {
  type Delivered,
  type Delivery,
  DeliveryConflict,
  type Inspection,
  type Unit,
} from '../delivery/delivery.ts';
import { DirectoryDelivery, type Reading } from '../delivery/directory.ts';
import { imageDelivery } from '../delivery/image.ts';
import type { RailwayDelivery } from '../delivery/railway.ts';
import type { Desired } from '../desired.ts';
import {
  type Destination,
  type Flags,
  type Outcome,
  type Plan,
  type PlannedChange,
  toApply,
} from '../model.ts';
import { type Owner, owner } from '../owner.ts';
import type { RuleFile } from '../rule.ts';
import type { AlertmanagerSettings, Settings } from '../settings.ts';
import { asWritten } from './compare.ts';
import { missingSecrets } from './secrets.ts';
import { AlertmanagerServer, configHash, type Loaded } from './server.ts';

const file = 'alertmanager.yml';
/** A line of the container's start for each receiver whose secret is not set. */
const unset = 'alerts for it cannot be delivered';
const proofMs = 120_000;
const lookMs = 2000;

/** How the configuration gets there; undefined where it is only looked at. */
type Way =
  | { readonly kind: 'directory'; readonly delivery: DirectoryDelivery }
  | { readonly kind: 'railway'; readonly delivery: RailwayDelivery }
  | undefined;

/** The Alertmanager half: what was found there, and what is to be done. */
export interface AlertmanagerHalf {
  readonly server: AlertmanagerServer;
  readonly way: Way;
  readonly files: readonly RuleFile[];
  readonly inspection: Inspection | undefined;
  readonly destination: Destination;
  readonly changes: readonly PlannedChange[];
  readonly notes: readonly string[];
}

const reading = (server: AlertmanagerServer): Reading => ({
  file: 'configuration file',
  variable: 'ALERTMANAGER_DIRECTORY',
  must: `It must be the directory whose ${file} Alertmanager reads (--config.file).`,
  client: server.client,
  reload: () => server.reload(),
  refused: async () => '',
});

function wayOf(
  { place }: AlertmanagerSettings,
  server: AlertmanagerServer,
  ours: Owner,
  settings: Settings,
  options: Options,
  world: Dependencies,
): Way {
  if (place === undefined) return undefined;
  if (place.delivery === 'directory')
    return {
      kind: 'directory',
      delivery: new DirectoryDelivery(place.directory, reading(server), ours),
    };
  const image = { name: 'Alertmanager', id: place.service, folder: 'alertmanager' };
  return { kind: 'railway', delivery: imageDelivery(place.api, image, settings, options, world) };
}

/** Action for the configuration, judged by what the server runs and what lies where it is read from. */
function planned(unit: Unit | undefined, words: readonly string[], same: boolean, flags: Flags) {
  const details = same
    ? []
    : words.length > 0
      ? words
      : ['settings that it leaves to their defaults, or its text'];
  if (unit === undefined)
    return same
      ? ({ action: 'unchanged', details } as const)
      : ({
          action: 'blocked',
          details: [
            ...details,
            'it is delivered with ALERTMANAGER_DIRECTORY or RAILWAY_ALERTMANAGER_SERVICE_ID',
          ],
        } as const);
  const waits = (flag: '--adopt' | '--force', given: boolean) => (given ? {} : { needs: flag });
  switch (unit.state) {
    case 'foreign':
      return {
        action: 'adopt',
        details: [`${unit.id} exists and was not made by us`, ...details],
        ...waits('--adopt', flags.adopt),
      } as const;
    case 'edited':
      return {
        action: 'edited',
        details: [`${unit.id} was edited by hand`, ...details],
        ...waits('--force', flags.force),
      } as const;
    case 'absent':
      return { action: 'create', details } as const;
    case 'ours':
      if (same && unit.same) return { action: 'unchanged', details } as const;
      return { action: 'update', details: same ? [`only the text of ${unit.id}`] : details } as const;
  }
}

/** Lines in which the container of a Railway service said at its start that a secret is not set. */
const unsetLines = async (way: Way): Promise<string[]> =>
  way?.kind === 'railway' ? [...new Set(await way.delivery.saidAtStart(unset))] : [];

/** Reads what Alertmanager runs and what lies where it reads it from, and plans. Changes nothing. */
export async function readAlertmanager(
  desired: Desired,
  settings: Settings,
  options: Options,
  world: Dependencies,
): Promise<AlertmanagerHalf | undefined> {
  const given = settings.alertmanager;
  if (given === undefined || desired.alertmanager === undefined || options.dashboards) return undefined;
  const server = new AlertmanagerServer(clientOf('Alertmanager', given, settings, world));
  const ours = owner(desired.name, settings.environment);
  const way = wayOf(given, server, ours, settings, options, world);
  const files = [{ name: file, text: desired.alertmanager, groups: [] }];
  const loaded = await server.loaded();
  const inspection = await way?.delivery.inspect(files);
  const config = parse(desired.alertmanager) as unknown;
  const words = routingSentences(asWritten(loaded.config, config), config);
  const plan = planned(inspection?.units[0], words, isLoaded(loaded, files), options.flags);
  const change: PlannedChange = {
    target: 'alertmanager',
    kind: 'routing',
    id: file,
    title: file,
    ...plan,
    ...(inspection && { seen: inspection.seen }),
  };
  const by = way === undefined ? '' : `, by ${way.delivery.where}`;
  const secrets = way?.kind === 'railway' ? await unsetLines(way) : missingSecrets(config);
  return {
    server,
    way,
    files,
    inspection,
    destination: {
      target: 'alertmanager',
      where: `Alertmanager ${loaded.version} at ${server.client.options.base.href}${by}`,
      ...(plan.action !== 'unchanged' && inspection && { how: inspection.how }),
    },
    changes: [change],
    notes: [...(inspection?.notes ?? []), ...secrets],
  };
}

const isLoaded = ({ hash }: Loaded, files: readonly RuleFile[]): boolean =>
  hash === configHash(files[0]?.text ?? '');

/** Waits until the server runs the delivered file. @returns why it does not, and whether it could be asked */
async function proof(
  { server, files }: AlertmanagerHalf,
  { proofMs: limit = proofMs }: { proofMs?: number | undefined },
  { signal }: Dependencies,
): Promise<{ readonly problem?: string; readonly judged: boolean }> {
  const { clock } = server.client;
  for (const start = clock.now(); ; ) {
    let problem = 'Alertmanager runs another configuration than the one that was delivered.';
    let judged = true;
    try {
      if (isLoaded(await server.loaded(), files)) return { judged };
    } catch (error) {
      if (!(error instanceof EnvironmentFailure)) throw error;
      judged = false;
      problem = error.message;
    }
    if (signal?.aborted) return { problem: 'Interrupted before it was proven.', judged: false };
    if (clock.now() - start >= limit) return { problem, judged };
    await clock.sleep(lookMs, signal);
  }
}

/** Delivers with one of the ways, proves, and takes back what cannot be proven. */
async function deliverAndProve(
  half: AlertmanagerHalf,
  delivery: Delivery,
  inspection: Inspection,
  options: Options,
  world: Dependencies,
): Promise<Pick<Outcome, 'state'> & { reason?: string }> {
  const { say, signal } = world;
  let delivered: Delivered;
  try {
    delivered = await delivery.deliver(half.files, inspection, { remove: [], say, signal });
  } catch (error) {
    if (!(error instanceof EnvironmentFailure)) throw error;
    if (error instanceof HttpFailure && error.kind === 'interrupted')
      return { state: 'not done', reason: 'interrupted' };
    return { state: error instanceof DeliveryConflict ? 'conflict' : 'failed', reason: error.message };
  }
  say('waiting for Alertmanager to run it');
  const { problem, judged } = await proof(half, options, world);
  if (problem === undefined) {
    await delivered.finish();
    return { state: 'done' };
  }
  const undone = await delivered.undo(judged);
  return { state: undone.conflict ? 'conflict' : 'failed', reason: `${problem} ${undone.text}` };
}

/** Delivers the configuration and proves that it runs. */
export async function applyAlertmanager(
  half: AlertmanagerHalf,
  plan: Plan,
  options: Options,
  world: Dependencies,
): Promise<Outcome[]> {
  const change = toApply(plan).find((c) => c.target === 'alertmanager');
  const { way, inspection } = half;
  if (change === undefined || way === undefined || inspection === undefined) return [];
  const ended = await deliverAndProve(half, way.delivery, inspection, options, world);
  if (ended.state !== 'done') return [{ change, ...ended } as Outcome];
  const lacking = await unsetLines(way);
  return [{ state: 'done', change, ...(lacking.length > 0 && { note: lacking.join('\n') }) }];
}
