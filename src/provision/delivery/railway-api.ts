import {
  deploymentFields,
  isDeployment,
  isUnderWay,
  RailwayApi,
  type RailwayDeployment,
  type RailwayService,
} from '../../lib/railway.ts';
import { fields as having, isRecord, isText, listOf, maybe, recordOf } from '../../lib/shapes.ts';

const isLog = maybe(listOf(having<{ message: string }>({ message: isText })));

export {
  isServing,
  isUnderWay,
  type RailwayDeployment,
  RailwayRefusal,
  type RailwayService as Service,
  type RailwayStatus as DeploymentStatus,
  shortCommit,
} from '../../lib/railway.ts';

/** The advice when Railway does not accept the token. */
export const projectToken = {
  variable: 'RAILWAY_TOKEN',
  advice:
    'It must be a project token (Project settings › Tokens) of the environment in which the service runs; account and workspace tokens do not work here.',
} as const;

/** A service whose image holds what is delivered. */
export interface ImageService {
  /** As people call it: `Prometheus`. */
  readonly name: string;
  readonly id: string;
  /** Folder of `generated/` that the image is made from. */
  readonly folder: string;
}

/** Railway's API with what delivering by deployment needs beside. */
export class DeployApi extends RailwayApi {
  /** One deployment. */
  async deployment(id: string): Promise<RailwayDeployment> {
    const query = `query deployment($id: String!) { deployment(id: $id) { ${deploymentFields} } }`;
    const shape = having<{ deployment: RailwayDeployment }>({ deployment: isDeployment });
    return (await this.read(query, { id }, shape)).deployment;
  }

  /** The last lines of a deployment's log, oldest first. @param filter text that they hold */
  async log(
    kind: 'buildLogs' | 'deploymentLogs',
    deploymentId: string,
    limit: number,
    filter?: string,
  ): Promise<string[]> {
    const query = `query log($deploymentId: String!, $limit: Int, $filter: String) {
      ${kind}(deploymentId: $deploymentId, limit: $limit, filter: $filter) { timestamp message }
    }`;
    const data = await this.read(
      query,
      { deploymentId, limit, ...(filter !== undefined && { filter }) },
      recordOf(isLog),
    );
    return (data[kind] ?? []).map((line) => this.client.redact(line.message)).slice(-limit);
  }

  /**
   * Deploys a commit. @param known ids of the deployments that existed before: after a lost answer, a new one of the
   * same commit is this one, and nothing is deployed a second time
   * @returns the deployment's id
   */
  async deploy(service: RailwayService, commitSha: string, known: readonly string[]): Promise<string> {
    const query = `mutation deploy($serviceId: String!, $environmentId: String!, $commitSha: String) {
      serviceInstanceDeployV2(serviceId: $serviceId, environmentId: $environmentId, commitSha: $commitSha)
    }`;
    const { serviceId, environmentId } = service;
    const variables = { serviceId, environmentId, commitSha };
    return await this.client.write(
      async () =>
        (
          await this.once(
            query,
            variables,
            having<{ serviceInstanceDeployV2: string }>({ serviceInstanceDeployV2: isText }),
          )
        ).serviceInstanceDeployV2,
      async () => {
        const all = await this.deployments(service);
        return all.find((d) => !known.includes(d.id) && d.meta?.commitHash === commitSha)?.id;
      },
    );
  }

  /** Ends a deployment that is under way. @throws RailwayRefusal when it is not, or may not be cancelled */
  async cancel(id: string): Promise<void> {
    const query = 'mutation cancel($id: String!) { deploymentCancel(id: $id) }';
    await this.client.write<true>(
      async () => {
        await this.once(query, { id }, isRecord);
        return true;
      },
      async () => (isUnderWay(await this.deployment(id)) ? undefined : true),
    );
  }
}
