/** What depends on how Relay is hosted; the one place to change it. */
export const hosting = {
  /**
   * Where Railway shows the logs of the services. With the id of the project,
   * `https://railway.com/project/ID/observability` opens its log explorer at once.
   */
  railwayLogs: 'https://railway.com/dashboard',
  /** LogQL stream selector of the application's and the pipeline's logs, where there is a Loki. */
  logStreams: '{app=~".+"}',
} as const;
