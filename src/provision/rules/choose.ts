import { UserError } from '../../lib/errors.ts';
import { clientOf, type Dependencies, type Options } from '../context.ts';
import type { Owner } from '../owner.ts';
import type { Settings } from '../settings.ts';
import type { Delivery } from './delivery.ts';
import { DirectoryDelivery } from './directory.ts';
import { type Commit, RailwayDelivery } from './railway.ts';
import { DeployApi, projectToken } from './railway-api.ts';
import { RulerDelivery } from './ruler.ts';
import { RulerApi } from './ruler-api.ts';
import type { RuleServer } from './server.ts';

/** The commit to deploy. A plan can be made without one: it says what is missing. */
function commitOf(options: Options, world: Dependencies): Commit {
  try {
    return { hash: world.commit() };
  } catch (error) {
    if (options.mode === 'apply' || !(error instanceof UserError)) throw error;
    return { problem: error.message };
  }
}

/** The delivery that the settings name. */
export function chooseDelivery(
  settings: Settings,
  server: RuleServer,
  owner: Owner,
  options: Options,
  world: Dependencies,
): Delivery | undefined {
  const { rules } = settings;
  switch (rules?.delivery) {
    case 'directory':
      return new DirectoryDelivery(rules.directory, server, owner);
    case 'ruler': {
      const client = clientOf('The ruler', rules.ruler, settings, world);
      return new RulerDelivery(new RulerApi(client, rules.namespace), rules, owner);
    }
    case 'railway': {
      if (rules.api === undefined)
        return new RailwayDelivery(undefined, rules.service, commitOf(options, world));
      // The endpoint is one address, not a base: its last part is the path.
      const { url } = rules.api;
      const base = { ...rules.api, url: new URL('.', url) };
      const path = url.pathname.split('/').at(-1) ?? '';
      const api = new DeployApi(clientOf('Railway', base, settings, world), path, projectToken);
      return new RailwayDelivery(api, rules.service, commitOf(options, world));
    }
    case undefined:
      return undefined;
  }
}
