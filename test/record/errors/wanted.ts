/**
 * Output of commands that failed, and which line says why. Written before the extractor was.
 *
 * Origin: `run` is what the tool printed on a machine, with paths and hosts replaced; `documentation` is put together
 * from what the tool's documentation shows, because it could not be run; `held out` is what the tool printed too, but
 * none of these tools was looked at while the extractor was written.
 */
export type Origin = 'run' | 'documentation' | 'held out';

/** One output. */
export interface Wanted {
  readonly origin: Origin;
  /** The message must contain one of these. */
  readonly says: readonly string[];
  /** The type that follows from the output; undefined when only the stage says it. */
  readonly type?: string;
}

const as =
  (origin: Origin) =>
  (says: string | readonly string[], type?: string): Wanted => ({
    origin,
    says: typeof says === 'string' ? [says] : says,
    ...(type && { type }),
  });
const run = as('run');
const documented = as('documentation');
const held = as('held out');

/** By file name without `.txt`; the tool is the part before the first hyphen. */
export const wanted: Readonly<Record<string, Wanted>> = {
  'alembic-exists': run('table notes already exists', 'migration_failed'),
  'alembic-heads': run('Multiple head revisions are present', 'migration_failed'),
  'alembic-notable': run('no such table: note', 'migration_failed'),
  'alembic-refused': run("ModuleNotFoundError: No module named 'psycopg'", 'dependency'),
  'alembic-revision': run("KeyError: 'zzz9'", 'migration_failed'),
  'alembic-unique': run('UNIQUE constraint failed: notes.id', 'migration_failed'),
  'cargo-build': run(['cannot find value `prt` in this scope', 'error[E0308]: mismatched types']),
  'cargo-dep': run('no matching package named `nosuchcrate-zzz` found', 'dependency'),
  'cargo-panic': run('index out of bounds: the len is 0 but the index is 3'),
  'cargo-test': run(['the sum is wrong'], 'test_failed'),
  'curl-404': run('The requested URL returned error: 404', 'api_unreachable'),
  'curl-host': run('Could not resolve host: api.relay.invalid', 'network'),
  'curl-progress': run('The requested URL returned error: 404', 'api_unreachable'),
  'curl-refused': run('Failed to connect to 127.0.0.1 port 1', 'network'),
  'eslint-config': run("ESLint couldn't find an eslint.config"),
  'eslint-parse': run('Parsing error: Unexpected token ='),
  'eslint-rules': run(["'module' is not defined", "Expected '===' and instead saw '=='"]),
  'git-clone': run('Failed to connect to 127.0.0.1 port 1', 'network'),
  'git-push': run(['[rejected]', 'failed to push some refs']),
  'git-ref': run("pathspec 'nosuch' did not match any file(s) known to git"),
  'go-build': run(['declared and not used: port', 'cannot use "8080"', 'undefined: prt']),
  'go-panic': run('panic: assignment to entry in nil map'),
  'go-test': run('Add(1, 2) = -1, want 3', 'test_failed'),
  'java-exception': run([
    'IllegalStateException: the service could not start',
    'NullPointerException: Cannot',
  ]),
  'javac-type': run(['incompatible types: String cannot be converted to int', 'cannot find symbol']),
  'jest-fail': run(['GET /health answers 200'], 'test_failed'),
  'jest-suite': run("Cannot find module './nothing' from 'sum.test.js'", 'dependency'),
  'make-recipe': run('config.yml: line 3: unknown key databse'),
  'make-rule': run("No rule to make target 'dist/app.js', needed by 'all'"),
  'make-separator': run('*** missing separator'),
  'make-tsc': run(['error TS2322', 'error TS2551']),
  'node-module': run("Cannot find module 'express-missing'", 'dependency'),
  'node-oom': run('JavaScript heap out of memory', 'out_of_memory'),
  'node-own': run('Error: migrations pending'),
  'node-refused': run('connect ECONNREFUSED 127.0.0.1:1', 'network'),
  'node-rejection': run('could not load the configuration: PORT is missing'),
  'node-syntax': run("SyntaxError: Unexpected token ';'"),
  'node-typeerror': run("TypeError: Cannot read properties of undefined (reading 'port')"),
  'npm-404': run(
    ['404 Not Found - GET', "The requested resource 'relay-no-such-package-zzz@*' could not be found"],
    'dependency',
  ),
  'npm-ci': run('can only install with an existing package-lock.json', 'dependency'),
  'npm-eresolve': run(
    ['unable to resolve dependency tree', 'peer react@"17.0.0" from react-dom@17.0.0'],
    'dependency',
  ),
  'npm-etarget': run('No matching version found for left-pad@99', 'dependency'),
  'npm-json': run('Invalid package.json: JSONParseError: Expected double-quoted property name'),
  'npm-missing': run('Missing script: "deploy"'),
  'npm-offline': run('connect ECONNREFUSED 127.0.0.1:1', 'network'),
  'npm-script': run("TypeError: Cannot read properties of undefined (reading 'port')"),
  'npm-test': run('exit 1'),
  'pip-build': run('RuntimeError: libpq is not installed', 'dependency'),
  'pip-conflict': run('Cannot install sqlalchemy==1.4.0 and sqlalchemy==2.0.0', 'dependency'),
  'pip-nosuch': run(
    ['No matching distribution found for relay-no-such', 'that satisfies the requirement relay-no-such'],
    'dependency',
  ),
  'pip-reqfile': run(
    ['No matching distribution found for flask===', 'that satisfies the requirement flask==='],
    'dependency',
  ),
  'pip-version': run(
    ['No matching distribution found for requests==99', 'that satisfies the requirement requests==99'],
    'dependency',
  ),
  'pytest-collect': run("ModuleNotFoundError: No module named 'relay'", 'dependency'),
  'pytest-fail': run(['assert 4 == 3', 'ConnectionError: database is not reachable'], 'test_failed'),
  'pytest-message': run('AssertionError: GET /health answered 503', 'test_failed'),
  'python-assert': run('AssertionError'),
  'python-chained': run('ConfigError: configuration file /etc/relay/missing.toml cannot be read'),
  'python-keyerror': run("KeyError: 'DATABASE_URL'"),
  'python-memory': run('MemoryError', 'out_of_memory'),
  'python-module': run("ModuleNotFoundError: No module named 'relay_platform'", 'dependency'),
  'python-refused': run('OperationalError: connection to server at "127.0.0.1"', 'database_connection_error'),
  'python-requests': run('requests.exceptions.ConnectionError: HTTPConnectionPool', 'network'),
  'python-syntax': run('SyntaxError: invalid syntax'),
  'tsc-config': run("The specified path does not exist: 'nowhere'"),
  'tsc-pretty': run(['TS2322', 'TS2551']),
  'tsc-type': run(['TS2322', 'TS2551']),
  'vitest-fail': run('expected 2 to be 3', 'test_failed'),
  'vitest-import': run("Cannot find module './missing-module.js'", 'dependency'),

  'docker-run-step': documented(
    ['No matching distribution found for fastapi', 'pip install -r requirements.txt" did not complete'],
    'dependency',
  ),
  'docker-pull-rate': documented('429 Too Many Requests', 'infrastructure'),
  'docker-copy': documented('failed to calculate checksum of ref abc123::xyz: "/dist": not found'),
  'docker-disk': documented('no space left on device', 'infrastructure'),
  'terraform-apply': documented('api error AccessDenied: Access Denied'),
  'terraform-lock': documented('Error acquiring the state lock', 'infrastructure'),
  'kubectl-rollout': documented('deployment "relay-api" exceeded its progress deadline', 'timeout'),
  'kubectl-forbidden': documented('Error from server (Forbidden)'),
  'railway-build': documented('Could not resolve entry module "index.html"'),
  'railway-health': documented(
    ['replicas never became healthy', 'Healthcheck failed!'],
    'health_check_failed',
  ),
  'railway-token': documented('Invalid RAILWAY_TOKEN'),
  'vercel-build': documented("Type error: Property 'titel' does not exist"),
  'vercel-token': documented('The specified token is not valid'),
  'vercel-limit': documented('Resource is limited - try again in 2 hours', 'infrastructure'),
  'prisma-migrate': documented('relation "notes" already exists', 'migration_failed'),
  'prisma-reach': documented("P1001: Can't reach database server", 'database_connection_error'),
  'github-annotation': documented('The image tag is missing'),
  'github-runner': documented('The runner has received a shutdown signal', 'infrastructure'),

  ansible: run("No such file or directory: b'/usr/bin/nosuchcommand'"),
  bash: run('RELEASE_VERSION_X: unbound variable'),
  black: run("Path 'ru2.py' does not exist"),
  cmake: run([
    'By not providing "FindNoSuchLibrary.cmake"',
    'but CMake did not find one',
    'Could not find a package configuration file provided by "NoSuchLibrary"',
  ]),
  django: run('no such table: nowhere', 'migration_failed'),
  docker: run('unable to evaluate symlinks in Dockerfile path'),
  gcc: run(['‘foo’ undeclared', 'expected ‘;’ before']),
  gunicorn: run("ModuleNotFoundError: No module named 'nosuchmodule'", 'dependency'),
  kubectl: run('The connection to the server 127.0.0.1:1 was refused', 'network'),
  ld: run("undefined reference to `foo'"),
  maven: run('incompatible types: java.lang.String cannot be converted to int'),
  'maven-goal': run('Non-readable POM'),
  mocha: run(['Expected values to be strictly equal', '2 !== 3'], 'test_failed'),
  mypy: run('Incompatible return value type (got "int", expected "str")'),
  perl: run('cannot open the release notes: No such file or directory'),
  psql: run(
    'connection to server at "127.0.0.1", port 1 failed: Connection refused',
    'database_connection_error',
  ),
  rollup: run('Could not resolve "./nothing.js"'),
  ruff: run(['imported but unused', 'Undefined name `undefined_name`']),
  sqlite: run('no such table: b'),
  ssh: run('connect to host 127.0.0.1 port 1: Connection refused', 'network'),
  terraform: run(['Missing required provider', 'This configuration requires provider']),
  'terraform-init': run(['Failed to query available provider packages', 'could not connect to registry']),
  uvicorn: run('Error loading ASGI app. Could not import module "nosuchmodule"'),
  webpack: run("Can't resolve './nothing.js'"),
  'wget-verbose': run('failed: Connection refused', 'network'),

  ajv: held('Cannot find schema'),
  ava: held("Cannot find package 'ava'", 'dependency'),
  awk: held('missing } near end of file'),
  celery: held(['The module nosuchapp was not found', 'Unable to load celery application']),
  cp: held("cannot stat 'nosuch.txt': No such file or directory"),
  'docker-daemon': held('Cannot connect to the Docker daemon', 'infrastructure'),
  flake8: held(["F401 'os' imported but unused", "undefined name 'undefined_thing'", 'E302', 'E111']),
  gpg: held(['no valid OpenPGP data found', 'decrypt_message failed']),
  jq: held('parse error: Invalid numeric literal'),
  knex: held('No local knex install found'),
  'kubectl-apply': held('the path "nosuch.yaml" does not exist'),
  mkdocs: held("Config file 'mkdocs.yml' does not exist"),
  ninja: held("loading 'build.ninja': No such file or directory"),
  'node-test': held(['not ok 1 - adds', "error: '2 == 3'"], 'test_failed'),
  nox: held(["Command python -c 'raise SystemExit(4)' failed with exit code 4"]),
  openssl: held(['Could not read certificate from a.py', 'Unable to load certificate']),
  parcel: held('nosuch.html does not exist'),
  pg_dump: held(
    'connection to server at "127.0.0.1", port 1 failed: Connection refused',
    'database_connection_error',
  ),
  'pip-compile': held('No matching distribution found for nosuch-package-zzz==1', 'dependency'),
  poetry: held('Could not parse version constraint: ^^1'),
  prettier: held('bad.json: SyntaxError: Unexpected token'),
  pylint: held([
    "Undefined variable 'undefined_thing'",
    'Bad indentation',
    'Missing module docstring',
    'Unused import',
  ]),
  scp: held('connect to host 127.0.0.1 port 1: Connection refused', 'network'),
  sed: held("unterminated `s' command"),
  sphinx: held("ConfigError: config directory doesn't contain a conf.py file"),
  sqlfluff: held('Found unparsable section'),
  stylelint: held('Invalid hex color "#ggg"'),
  tar: held('nosuch.tar.gz: Cannot open: No such file or directory'),
  'tf-plan': held('Unclosed configuration block'),
  tox: held('config file nosuch.ini does not exist'),
  tsx: held(['Top-level await is currently not supported']),
  twine: held("Cannot find file (or expand pattern): 'nosuch.whl'"),
  typeorm: held("Cannot find module '", 'dependency'),
  vite: held('Cannot resolve entry module index.html'),
  yamllint: held('syntax error: mapping values are not allowed here'),
};
