// Which file may import which: the picture in docs/architecture.md. Held by test/imports.test.ts.

/** Rooms of src, low to high: a room imports only rooms before it. */
const rooms = [
  'lib',
  'promql',
  'pipeline',
  'metrics',
  'panels',
  'record',
  'ledger',
  'dashboards',
  'slo',
  'simulator',
  'alerts',
  'servers',
  'compile',
  'backtest',
  'diff',
  'demo',
  'preview',
  'provision',
  'doctor',
  'review',
  'pull',
  'init',
  'import',
  'insights',
  'report',
  'bench',
  'mutation',
];

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const definitions = '^(definitions|pipeline\\.config)\\.ts$|^(alerts|dashboards|slo)/';

const upwards = rooms
  .slice(0, -1)
  .map((room, i) =>
    error(
      `no-upward-import-from-${room}`,
      'Rooms are in layers: move what both need down, or the importing code up.',
      { path: `^src/${room}/` },
      { path: `^src/(${rooms.slice(i + 1).join('|')})/` },
    ),
  );

export default {
  forbidden: [
    error('no-circles', 'Files that import each other cannot be read one by one.', {}, { circular: true }),
    ...upwards,
    error(
      'rooms-through-doors',
      'Import from the room’s index.ts; export there what others need.',
      { path: '^src/([^/]+)/' },
      { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/lib/', '^src/[^/]+/index\\.ts$'] },
    ),
    error(
      'doors-from-outside',
      'Import from the room’s index.ts; export there what others need.',
      { pathNot: '^(src|test)/' },
      { path: '^src/[^/]+/', pathNot: ['^src/lib/', '^src/[^/]+/index\\.ts$'] },
    ),
    error(
      'machinery-below-definitions',
      'Definitions are handed to src as one Bundle value.',
      { path: '^src/' },
      { path: `${definitions}|^(scripts|preview)/` },
    ),
    error(
      'definitions-below-commands',
      'Commands import definitions, not the other way.',
      { path: definitions },
      { path: '^scripts/' },
    ),
    error(
      'no-tests-outside-tests',
      'Move what is needed out of test/.',
      { pathNot: '^test/' },
      { path: '^test/' },
    ),
    error(
      'known-rooms',
      'Add the room to this list, at its height.',
      {},
      { path: '^src/', pathNot: `^src/(${rooms.join('|')})/` },
    ),
  ],
  options: {
    // It reads nothing of TypeScript 7, and would pass.
    parser: 'swc',
    tsPreCompilationDeps: true,
    // preview/ is a package of its own.
    doNotFollow: { path: 'node_modules|^preview/' },
    exclude: { path: '^(generated|node_modules)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
