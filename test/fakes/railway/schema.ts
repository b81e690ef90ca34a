import { buildSchema } from 'graphql';

const source = `
  scalar DateTime
  scalar DeploymentMeta
  scalar DeploymentDiagnosis

  enum DeploymentStatus {
    BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING
  }
  type ProjectToken { projectId: String! environmentId: String! }
  type Deployment {
    id: String!
    status: DeploymentStatus!
    createdAt: DateTime!
    statusUpdatedAt: DateTime
    service: Service!
    environment: Environment!
    canRollback: Boolean!
    deploymentStopped: Boolean!
    meta: DeploymentMeta
    diagnosis: DeploymentDiagnosis
  }
  type Service { id: ID! name: String! }
  type Environment { id: ID! name: String! }
  type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
  type DeploymentEdge { node: Deployment! cursor: String! }
  type DeploymentConnection { edges: [DeploymentEdge!]! pageInfo: PageInfo! }
  enum DeploymentEventStep {
    BUILD_IMAGE CONFIGURE_NETWORK CREATE_CONTAINER DRAIN_INSTANCES HEALTHCHECK MIGRATE_VOLUMES PRE_DEPLOY_COMMAND
    PUBLISH_IMAGE SNAPSHOT_CODE WAIT_FOR_DEPENDENCIES
  }
  type DeploymentEventPayload {
    attempt: Int detail: String durationMs: Int error: String maxAttempts: Int reason: String skipped: Boolean
  }
  type DeploymentEvent {
    id: ID! createdAt: DateTime! completedAt: DateTime step: DeploymentEventStep! payload: DeploymentEventPayload
  }
  type QueryDeploymentEventsConnectionEdge { node: DeploymentEvent! cursor: String! }
  type QueryDeploymentEventsConnection { edges: [QueryDeploymentEventsConnectionEdge!]! }
  type Log { timestamp: String! message: String! severity: String }
  input DeploymentListInput {
    projectId: String
    environmentId: String
    serviceId: String
    includeDeleted: Boolean
  }
  type HttpMetricsSample { ts: Int! value: Float! }
  type HttpMetricsByStatusResult { statusCode: Int! samples: [HttpMetricsSample!]! }
  type Query {
    httpMetricsGroupedByStatus(
      serviceId: String! environmentId: String! startDate: DateTime! endDate: DateTime!
      method: String path: String stepSeconds: Int
    ): [HttpMetricsByStatusResult!]!
    projectToken: ProjectToken!
    deployments(input: DeploymentListInput!, first: Int, after: String): DeploymentConnection!
    deployment(id: String!): Deployment!
    deploymentEvents(id: String!, first: Int, last: Int, after: String, before: String): QueryDeploymentEventsConnection!
    buildLogs(deploymentId: String!, filter: String, limit: Int, startDate: DateTime, endDate: DateTime): [Log!]!
    deploymentLogs(deploymentId: String!, filter: String, limit: Int, startDate: DateTime, endDate: DateTime): [Log!]!
  }
  type Mutation {
    serviceInstanceDeployV2(serviceId: String!, environmentId: String!, commitSha: String): String!
    deploymentRollback(id: String!): Boolean!
    deploymentCancel(id: String!): Boolean!
  }
`;

/** The part of Railway's public schema that provisioning uses, nullability included. */
export const schema = buildSchema(source);
/** The same as Railway's documentation has it: a rollback answers with the deployment. */
export const documentedSchema = buildSchema(
  source.replace('deploymentRollback(id: String!): Boolean!', 'deploymentRollback(id: String!): Deployment!'),
);
