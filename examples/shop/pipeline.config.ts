import { definePipeline } from '../../src/pipeline/index.ts';

/**
 * Another pipeline than Relay's: a shop whose services run on Kubernetes and Fly, with Prisma, five environments,
 * euros, a slower target, no application metrics and a metric of its own.
 * Build it with: npm run build -- --pipeline examples/shop/pipeline.config.ts --out dist/shop
 */
export default definePipeline({
  name: 'Shop',
  environments: {
    live: { kind: 'production' },
    canary: { kind: 'production', pages: false },
    acceptance: { kind: 'staging' },
    playground: { kind: 'staging', objectives: false },
    'pr-*': { kind: 'preview' },
  },
  services: {
    checkout: { hosting: 'kubernetes' },
    catalog: { hosting: 'kubernetes' },
    storefront: { hosting: 'fly' },
    postgres: {},
  },
  stages: {
    image: { kind: 'build' },
    publish: { kind: 'build' },
    dependencies: { kind: 'build' },
    schema: { kind: 'migrate', service: 'postgres' },
    rollout: { kind: 'deploy' },
    edge: { kind: 'deploy', service: 'storefront' },
    probes: { kind: 'check', service: 'checkout' },
    basket: { kind: 'test' },
    screens: { kind: 'test' },
    undo: { kind: 'rollback', service: 'checkout' },
    announce: { kind: 'other' },
  },
  hosting: {
    kubernetes: { title: 'Logs of the cluster', logs: 'https://logs.shop.example/k8s?service={service}' },
    fly: { title: 'Logs on Fly', logs: 'https://fly.io/apps/{service}/monitoring' },
  },
  smokeTests: {
    put_into_basket: 'a basket keeps what is put into it',
    pay: 'a test card is charged',
    search: 'a search finds something',
  },
  migrations: { tool: 'Prisma', name: 'schema', command: 'npx prisma migrate deploy' },
  cost: { currency: 'EUR', resources: ['cluster_minutes', 'fly_machines', 'registry'] },
  targets: {
    deployments: { objective: 0.97, agreement: 0.95, good: 0.96, poor: 0.92 },
    timeToDeploy: { objective: 0.9, seconds: 1_500 },
    migrations: { objective: 1, slowSeconds: 240, criticalSeconds: 480 },
    rollbacks: { perWeek: 5 },
  },
  metrics: {
    shop_image_bytes: {
      unit: 'bytes',
      help: 'Size of the image that is deployed.',
      labels: { service: ['checkout', 'catalog', 'storefront'] },
      above: 400_000_000,
    },
  },
  repository: 'https://git.shop.example/platform/shop',
  grafana: 'https://grafana.shop.example',
});
