/** Settings that depend on how Relay is hosted; the one place to change them. */
export const hosting = {
  /** Id of Relay's project on Railway, as it stands in the address of the project's page; empty: not known. */
  railwayProject: '' as string,
  /** LogQL stream selector of the application's and the pipeline's logs, where there is a Loki. */
  logStreams: '{app=~".+"}',
} as const;

/** Where Railway shows the logs of the services: the project's log explorer, or as near as one gets without its id. */
export const railwayLogs = hosting.railwayProject
  ? {
      title: 'Logs of the services on Railway',
      url: `https://railway.com/project/${hosting.railwayProject}/observability`,
    }
  : {
      title: 'Railway: choose the project, then Observability',
      url: 'https://railway.com/dashboard',
    };
