import { buildSchema } from 'graphql';

const source = `
  scalar DateTime
  scalar DeploymentMeta

  enum DeploymentStatus {
    BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING
  }
  type ProjectToken { projectId: String! environmentId: String! }
  type Deployment {
    id: String!
    status: DeploymentStatus!
    createdAt: DateTime!
    canRollback: Boolean!
    deploymentStopped: Boolean!
    meta: DeploymentMeta
  }
  type DeploymentEdge { node: Deployment! cursor: String! }
  type DeploymentConnection { edges: [DeploymentEdge!]! }
  type Log { timestamp: String! message: String! severity: String }
  input DeploymentListInput {
    projectId: String
    environmentId: String
    serviceId: String
    includeDeleted: Boolean
  }
  type Query {
    projectToken: ProjectToken!
    deployments(input: DeploymentListInput!, first: Int, after: String): DeploymentConnection!
    deployment(id: String!): Deployment!
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
