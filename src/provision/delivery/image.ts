import { UserError } from '../../lib/errors.ts';
import { clientOf, type Dependencies, type Options } from '../context.ts';
import type { Endpoint, Settings } from '../settings.ts';
import { type Commit, RailwayDelivery } from './railway.ts';
import { DeployApi, type ImageService, projectToken } from './railway-api.ts';

/** The commit to deploy. A plan can be made without one: it says what is missing. */
function commitOf(options: Options, world: Dependencies): Commit {
  try {
    return { hash: world.commit() };
  } catch (error) {
    if (options.mode === 'apply' || !(error instanceof UserError)) throw error;
    return { problem: error.message };
  }
}

/** Delivery by deploying the commit of an image. @param api Railway's address; undefined when it is not asked */
export function imageDelivery(
  api: Endpoint | undefined,
  image: ImageService,
  settings: Settings,
  options: Options,
  world: Dependencies,
): RailwayDelivery {
  const commit = commitOf(options, world);
  if (api === undefined) return new RailwayDelivery(undefined, image, commit);
  // The endpoint is one address, not a base: its last part is the path.
  const base = { ...api, url: new URL('.', api.url) };
  const path = api.url.pathname.split('/').at(-1) ?? '';
  const deploying = new DeployApi(clientOf('Railway', base, settings, world), path, projectToken);
  return new RailwayDelivery(deploying, image, commit);
}
