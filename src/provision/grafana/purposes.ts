import type { Purpose } from './refusal.ts';

/** Every call that provisioning makes to Grafana, and the permission that it needs. The reference in docs/ is this table. */
export const purposes = {
  identify: { doing: 'read the organisation', permission: 'orgs:read', role: 'Viewer' },
  readFolder: { doing: 'read folders', permission: 'folders:read on folders:*', role: 'Viewer' },
  createFolder: {
    doing: 'create a folder',
    permission: 'folders:create on folders:uid:general',
    role: 'Editor',
  },
  renameFolder: { doing: 'rename the folder', permission: 'folders:write on the folder', role: 'Editor' },
  readDashboard: { doing: 'read dashboards', permission: 'dashboards:read on dashboards:*', role: 'Viewer' },
  createDashboard: {
    doing: 'create dashboards in the folder',
    permission: 'dashboards:create on the folder',
    role: 'Editor',
  },
  writeDashboard: {
    doing: 'change dashboards',
    permission: 'dashboards:write on the folder',
    role: 'Editor',
  },
  deleteDashboard: {
    doing: 'delete dashboards',
    permission: 'dashboards:delete on the folder',
    role: 'Editor',
  },
  readDatasource: { doing: 'list data sources', permission: 'datasources:read', role: 'Admin' },
  createDatasource: { doing: 'create a data source', permission: 'datasources:create', role: 'Admin' },
  queryDatasource: { doing: 'query the data source', permission: 'datasources:query', role: 'Viewer' },
  readAnnotation: {
    doing: 'read annotations',
    permission: 'annotations:read on annotations:type:organization',
    role: 'Viewer',
  },
  writeAnnotation: {
    doing: 'write annotations',
    permission: 'annotations:create on annotations:type:organization',
    role: 'Editor',
  },
  deleteAnnotation: {
    doing: 'delete annotations',
    permission: 'annotations:delete on annotations:type:organization',
    role: 'Editor',
  },
} as const satisfies Record<string, Purpose>;
