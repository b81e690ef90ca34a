import { definePipeline } from './src/pipeline/index.ts';

/** The observed pipeline and its targets. Another team edits this file, and nothing else. */
export default definePipeline({
  name: 'Relay',
  environments: {
    production: { kind: 'production' },
    staging: { kind: 'staging' },
  },
  services: {
    api: { hosting: 'railway' },
    web: { hosting: 'vercel' },
    database: {},
  },
  stages: {
    build: { kind: 'build' },
    push: { kind: 'build' },
    install: { kind: 'build' },
    migration: { kind: 'migrate', service: 'database' },
    deploy: { kind: 'deploy' },
    deploy_railway: { kind: 'deploy', service: 'api' },
    deploy_vercel: { kind: 'deploy', service: 'web' },
    health_check: { kind: 'check', service: 'api' },
    smoke_test: { kind: 'test' },
    smoke_tests: { kind: 'test' },
    verification: { kind: 'test' },
    rollback: { kind: 'rollback', service: 'api' },
  },
  hosting: {
    // With the project's id in the address (https://railway.com/project/<id>/observability) the link leads to its logs.
    railway: {},
    vercel: {},
  },
  smokeTests: {
    api_health: 'GET /health',
    knowledge_api: 'GET /api/v1/knowledge/health',
    web_app: 'GET /beta',
  },
  migrations: { tool: 'Alembic', name: 'alembic_head', command: 'alembic upgrade head' },
  cost: {
    currency: 'USD',
    resources: ['railway_compute', 'vercel_build', 'database_migration'],
    // GitHub's list price, without the minutes that a plan includes; public repositories pay nothing.
    runners: {
      'ubuntu-latest': {
        perMinute: 0.006,
        since: '2026-01-01',
        source: 'https://docs.github.com/en/billing/reference/actions-runner-pricing',
      },
    },
  },
  // Seconds and shares; what is not named follows from these (src/pipeline/targets.ts says how, and where from).
  targets: {
    deployments: { objective: 0.99, agreement: 0.98, good: 0.95, poor: 0.9 },
    timeToDeploy: { objective: 0.95, seconds: 600 },
    health: {
      objective: 0.99,
      least: 0.95,
      alert: 0.9,
      windowSeconds: 300,
      attempts: 30,
      intervalSeconds: 5,
    },
    smokeTests: { objective: 0.99, warning: 0.95 },
    migrations: { objective: 1, slowSeconds: 120, criticalSeconds: 300 },
    errorRate: { warning: 0.01, rollback: 0.05 },
    rollbacks: { perWeek: 3 },
    budget: { failed: 1, rolledBackForHealth: 0.5, rolledBack: 1 },
  },
  grafana: 'https://relay-grafana-production.up.railway.app',
  application: {
    job: 'relay-production',
    target: 'relay-production-f2a6.up.railway.app',
    scheme: 'https',
    requests: { metric: 'http_requests_total', status: 'status_code' },
    duration: { metric: 'http_request_duration_seconds' },
    // Failed calls and slow queries are not counted yet: docs/slow-queries.md.
    external: {
      calls: 'external_api_calls_total',
      duration: 'external_api_duration_seconds',
      by: 'service',
      examples: 'Supabase and the embeddings API',
    },
    database: {
      store: { metric: 'memory_query_latency_ms', title: 'Memory queries', by: 'stage' },
      pool: { metric: 'database_pool_utilization_percent', by: 'pool' },
    },
    logStreams: '{app=~".+"}',
  },
  transport: 'pushgateway',
  prometheus: '2.42',
});
