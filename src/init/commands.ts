import type { Step } from './workflow.ts';

/** The kinds of stages that `init` tells apart. */
export type Kind = 'build' | 'deploy' | 'migrate' | 'check' | 'test' | 'rollback';

/** Kinds, the one that says most about a step of several commands first. */
export const kindsByWeight: readonly Kind[] = ['rollback', 'migrate', 'deploy', 'check', 'build', 'test'];

/** A way to recognise a command or an action. */
interface Pattern {
  readonly kind: Kind | 'plumbing';
  readonly match: RegExp;
  /** Where it deploys to. */
  readonly hosting?: string;
}

const p = (kind: Pattern['kind'], match: RegExp, hosting?: string): Pattern => ({
  kind,
  match,
  ...(hosting !== undefined && { hosting }),
});

/** Runners of a script of package.json or a tool of the project: `pnpm`, `yarn workspace web`, `bundle exec`. */
const runners =
  /^(?:(?:npx|pnpx|bunx|uvx|poetry run|uv run|pipenv run|bundle exec|python3? -m|pnpm (?:exec|dlx)|yarn dlx|npm exec(?: --)?)\s+(?:--\S+\s+)*)+/;

/** Programs by their first words; the first that matches decides. */
const programs: readonly Pattern[] = [
  p('plumbing', /^(?:npm|pnpm|yarn|bun) (?:install|i|add) (?:.* )?(?:-g|--global)\b|^npm i(?:nstall)? -g/),
  p('plumbing', /^(?:terraform|tofu) (?:init|version|workspace|output)\b/),
  p(
    'plumbing',
    /^(?:docker|podman|railway|vercel|heroku|az|gcloud|aws|oc|doctl|fly|flyctl)\b.* ?(?:login|auth|configure|link)\b|container:login/,
  ),
  p('plumbing', /^(?:aws eks update-kubeconfig|kubectl config|gcloud (?:config|container clusters get))/),
  p('plumbing', /^vercel (?:pull|link|env)\b|^git (?:config|fetch|checkout|add|commit|tag|push)\b/),
  p(
    'plumbing',
    /^(?:echo|printf|cat|mkdir|cd|chmod|cp|mv|rm|ls|set|export|source|sleep|date|tar|unzip|true|exit|test|jq|sudo|apt(?:-get)?|wait|\[|#)(?:\s|$)/,
  ),
  p('plumbing', /^\w+=(?!\$\(curl)/),
  p('plumbing', /^(?:exec )?node \S*(?:DEPLOYMENT_RECORDER|record\.mjs)/),
  // Roll back.
  p(
    'rollback',
    /^(?:helm rollback|kubectl rollout undo|heroku (?:releases:)?rollback|vercel rollback|argo rollouts undo)/,
  ),
  p('rollback', /^(?:flyctl|fly) releases rollback|^railway (?:rollback|redeploy)|^wrangler rollback/),
  // Change the schema.
  p(
    'migrate',
    /\b(?:alembic|flask db) upgrade\b|\bprisma (?:migrate deploy|db push)\b|\bmanage\.py migrate\b/,
  ),
  p(
    'migrate',
    /\b(?:rails|rake) db:(?:migrate|prepare)\b|\bknex migrate:|\b(?:typeorm|sequelize|mikro-orm).*migrat/,
  ),
  p(
    'migrate',
    /^(?:flyway|liquibase)\b.*\b(?:migrate|update)\b|^(?:goose|dbmate|atlas|sqlx|diesel|migrate)\b.*\b(?:up|apply|run|migrate)\b/,
  ),
  p(
    'migrate',
    /\bdrizzle-kit (?:migrate|push)\b|\bwrangler d1 migrations apply\b|\bartisan migrate\b|\becto\.migrate\b/,
  ),
  p('migrate', /\bdotnet ef database update\b|\bsqitch deploy\b/),
  // Check that it serves.
  p('check', /^kubectl (?:rollout status|wait)\b|^(?:aws ecs wait|argocd app wait)\b/),
  p('check', /^(?:\w+=\$\()?(?:curl|wget|http|grpcurl|grpc_health_probe)\b/),
  // Deploy.
  p('deploy', /^railway (?:up|deploy)\b/, 'railway'),
  p('deploy', /^vercel(?: deploy)?(?: |$)(?!build|pull)/, 'vercel'),
  p('deploy', /^(?:flyctl|fly) deploy\b/, 'fly'),
  p('deploy', /^kubectl (?:apply|set image|replace|patch)\b|^kustomize build.*kubectl apply/, 'kubernetes'),
  p('deploy', /^helm (?:upgrade|install)\b|^helmfile (?:apply|sync)\b/, 'kubernetes'),
  p('deploy', /^argocd app (?:sync|set)\b/, 'kubernetes'),
  p('deploy', /^heroku container:release\b|^git push heroku\b/, 'heroku'),
  p('build', /^heroku container:push\b/),
  p('deploy', /^gcloud (?:run|app|functions) deploy\b/, 'google-cloud'),
  p(
    'deploy',
    /^aws (?:ecs update-service|ecs deploy|deploy create|lambda update|s3 (?:sync|cp)|cloudfront|elasticbeanstalk|amplify)\b|^eb deploy\b/,
    'aws',
  ),
  p('deploy', /^(?:sam|cdk|copilot|serverless|sls) (?:svc )?deploy\b/, 'aws'),
  p('deploy', /^az (?:webapp|containerapp|functionapp)\b.*(?:deploy|up|update)/, 'azure'),
  p('deploy', /^wrangler (?:pages )?(?:deploy|publish)\b/, 'cloudflare'),
  p('deploy', /^netlify deploy\b/, 'netlify'),
  p('deploy', /^(?:terraform|tofu) apply\b|^pulumi up\b/, 'terraform'),
  p('deploy', /^firebase deploy\b/, 'firebase'),
  p(
    'deploy',
    /^(?:rsync|scp|kamal deploy|cap \w+ deploy|ansible-playbook|docker stack deploy|docker compose up|docker-compose up)\b/,
    'own',
  ),
  // Build.
  p('build', /^vercel build\b|^(?:docker|podman|buildah)\b.*\b(?:build|push|bake|tag)\b/),
  p('build', /^(?:terraform|tofu) plan\b|^pulumi preview\b/),
  p('test', /^(?:terraform|tofu) (?:fmt|validate)\b|^tflint\b/),
  p(
    'build',
    /^(?:pip3?|pipenv|poetry|uv|conda|composer|bundle|gem|mix) (?:pip )?(?:install|sync|deps\.get|ci)\b/,
  ),
  p('build', /^(?:npm|pnpm|yarn|bun|deno) (?:ci|i|install)\b|^yarn$/),
  p(
    'build',
    /^(?:mvn|mvnw|\.\/mvnw)\b.*\b(?:package|verify|install|deploy)\b|^(?:gradle|\.\/gradlew)\b.*\b(?:build|assemble|bootJar)\b/,
  ),
  p(
    'build',
    /^(?:go build|cargo build|dotnet (?:build|publish|restore)|make(?: build| all)?$|tsc|vite build|next build|webpack|ng build|swift build|mix release)\b/,
  ),
  // Test.
  p('test', /^(?:mvn|mvnw|\.\/mvnw|gradle|\.\/gradlew)\b.*\b(?:test|check)\b/),
  p(
    'test',
    /^(?:pytest|tox|nox|ruff|mypy|flake8|black|eslint|prettier|biome|vitest|jest|mocha|ava|playwright|cypress|newman|k6|locust|rspec|rubocop|phpunit|golangci-lint)\b/,
  ),
  p(
    'test',
    /^(?:go (?:test|vet)|cargo (?:test|clippy|fmt)|dotnet test|mix (?:test|credo)|bun test|deno test|npm t(?:est)?|rails test|make (?:test|lint|check))\b/,
  ),
];

/** Actions that are a stage, by the name before `@`. */
const actions: readonly Pattern[] = [
  p('build', /^docker\/(?:build-push-action|bake-action)$/),
  p('deploy', /^aws-actions\/amazon-ecs-deploy-task-definition$|^aws-actions\/aws-cloudformation/, 'aws'),
  p('deploy', /^google-github-actions\/deploy-/, 'google-cloud'),
  p('deploy', /^azure\/(?:webapps-deploy|functions-action|container-apps-deploy-action)$/i, 'azure'),
  p('deploy', /^azure\/k8s-deploy$|kubectl|helm-deploy/i, 'kubernetes'),
  p('deploy', /^superfly\/flyctl-actions$/, 'fly'),
  p('deploy', /^akhileshns\/heroku-deploy$/, 'heroku'),
  p('deploy', /vercel-action$/, 'vercel'),
  p('deploy', /^(?:bervproject\/railway-deploy|.*railway.*deploy.*)$/, 'railway'),
  p('deploy', /^cloudflare\/(?:wrangler|pages)-action$/, 'cloudflare'),
  p('deploy', /^actions\/deploy-pages$/, 'github-pages'),
  p(
    'deploy',
    /^(?:FirebaseExtended\/action-hosting-deploy|nwtgck\/actions-netlify|serverless\/github-action)$/,
  ),
  p('deploy', /^appleboy\/(?:ssh|scp)-action$/, 'own'),
  p('test', /^(?:cypress-io\/github-action|grafana\/.*k6.*|golangci\/golangci-lint-action)$/),
  p(
    'plumbing',
    /^actions\/(?:checkout|cache|upload-artifact|download-artifact|github-script|create-github-app-token|labeler)(?:\/|$)/,
  ),
  p(
    'plumbing',
    /(?:^|[/-])(?:setup|login|auth|credentials|set-context|action-setup|cache|paths-filter|metadata|slack|discord|teams|notify|notification|render-task-definition|ssh-agent|tailscale|configure)(?:[-/]|$)/i,
  ),
];

/** Words in the name of a script, of a package's script or of a step. */
const words: readonly Pattern[] = [
  p('rollback', /\b(?:roll(?:s|ed)?[ _-]?back|undo|revert|back to the (?:release|version) before)\b/i),
  p('migrate', /\b(?:migrat\w*|db[:_-](?:deploy|push|update)|prisma[:_-]deploy)\b/i),
  p(
    'test',
    /\b(?:smoke\w*|e2e|end[- ]to[- ]end|integration|acceptance|unit|tests?|lint|type-?check|fmt|format|validate)\b/i,
  ),
  p('check', /\b(?:health\w*|ready|readiness|wait[- ]until|is it up|alive)\b/i),
  p('deploy', /\b(?:deploy\w*|release|publish|rollout|roll out|ship)\b/i),
  p('build', /\b(?:build|compile|bundle|package|install)\b/i),
];

const find = (list: readonly Pattern[], text: string): Pattern | undefined =>
  list.find(({ match }) => match.test(text));

/** A script of package.json: `npm run x`, `pnpm x`, `yarn workspace web x`. */
const packageScript =
  /^(?:npm run(?:-script)?|pnpm(?: run| --filter \S+| -r)*|yarn(?: run| workspace \S+)*|bun run|deno task|make|task|just)\s+(?!install|ci\b)([\w:.-]+)/;

/** A script of the repository: `./ops/deploy.sh x`, `bash scripts/smoke.sh`, `node scripts/warm.js`. */
const ownScript =
  /^(?:(?:ba|z)?sh|node|python3?|ruby|tsx|deno run(?: --\S+)*)?\s*(\.{0,2}\/?[\w./-]+\/?[\w.-]+)/;

/** Wrappers that run a command elsewhere: the command is what counts. */
const elsewhere: readonly RegExp[] = [
  /^(?:exec )?node \S*(?:DEPLOYMENT_RECORDER|record\.mjs)\S* .*? -- (.*)$/,
  /^ssh\s+(?:-\S+\s+(?:\S+=\S+\s+)?)*\S+\s+['"]?(.*?)['"]?$/,
  /^(?:heroku run|railway run|fly ssh console|flyctl ssh console|kubectl exec)\b.*?\s(?:--|-C)\s+(.*)$/,
  /^docker(?:-| )compose (?:run|exec)\s+(?:-\S+\s+)*\S+\s+(.*)$/,
  /^timeout \S+\s+(.*)$/,
  /^(?:env )?(?:[A-Z_][A-Z0-9_]*=\S+\s+)+(.*)$/,
  /^(?:if|while|until|!|then|do)\s+(.*?)(?:;.*)?$/,
];

function oneCommand(command: string): Pattern | undefined {
  for (const wrapper of elsewhere) {
    const inner = wrapper.exec(command)?.[1];
    if (inner) return commandsOf(inner).map(oneCommand).sort(byWeight)[0];
  }
  const plain = command.replace(runners, '');
  const known = find(programs, plain);
  if (known) return known;
  const script = packageScript.exec(plain)?.[1] ?? ownScript.exec(plain)?.[1];
  return script === undefined ? undefined : find(words, script.replaceAll(/[./_]/g, ' '));
}

/** The commands of a shell script, continued lines joined and `a && b` taken apart. */
function commandsOf(script: string): string[] {
  return script
    .replaceAll(/\\\n\s*/g, ' ')
    .split(/\n|&&|\|\||;(?![^(]*\))/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:#|for |done|fi|else|then$|do$|\}|\{|esac|case )/.test(line));
}

const weight = (found: Pattern | undefined): number =>
  found === undefined
    ? kindsByWeight.length
    : found.kind === 'plumbing'
      ? kindsByWeight.length + 1
      : kindsByWeight.indexOf(found.kind);
const byWeight = (a: Pattern | undefined, b: Pattern | undefined): number => weight(a) - weight(b);

/** Class of a step: a stage of a kind, plumbing of the workflow, or not understood. */
export interface Recognised {
  readonly kind: Kind | 'plumbing' | 'unknown';
  readonly hosting?: string;
}

const asRecognised = (found: Pattern | undefined): Recognised =>
  found ? { kind: found.kind, ...(found.hosting && { hosting: found.hosting }) } : { kind: 'unknown' };

function ofRun(step: Step): Recognised {
  const found = commandsOf(step.run!).map(oneCommand).sort(byWeight)[0];
  if (found) return asRecognised(found);
  const onFailure = /failure\(\)/.test(step.condition ?? '');
  const named = step.name === undefined ? undefined : find(words, step.name);
  return named && (named.kind !== 'rollback' || onFailure) ? asRecognised(named) : asRecognised(undefined);
}

/** Says what a step is, from its commands, else its action, else its name. */
export function recognise(step: Step): Recognised {
  if (step.run !== undefined) return ofRun(step);
  if (step.uses === undefined || step.uses.startsWith('./')) return { kind: 'unknown' };
  return asRecognised(find(actions, step.uses));
}
