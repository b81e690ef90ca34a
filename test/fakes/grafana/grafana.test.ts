import { describe, expect, it } from 'vitest';
import { FakeGrafana, type FakeGrafanaOptions } from './grafana.ts';

// The fake is only worth something if it refuses what the real one refuses.

const dashboard = { title: 'A', schemaVersion: 42, panels: [{ id: 1, type: 'stat' }] };
type Body = Record<string, unknown> & {
  message?: string;
  reason?: string;
  metadata?: Record<string, unknown> & { annotations?: Record<string, string> };
  spec?: Record<string, unknown>;
};

function client(
  options: Partial<FakeGrafanaOptions> = {},
  facts: Parameters<FakeGrafana['token']>[1] = { role: 'Admin' },
) {
  const grafana = new FakeGrafana(options);
  grafana.token('t', facts);
  const call = (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): { status: number; body: Body } => {
    const [pathname = '', query = ''] = path.split('?');
    const answer = grafana.handler({
      method,
      path: pathname,
      query: new URLSearchParams(query),
      headers: { authorization: 'Bearer t', 'content-type': 'application/json', ...headers },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    try {
      return { status: answer.status, body: JSON.parse(answer.body) as Body };
    } catch {
      return { status: answer.status, body: { text: answer.body } };
    }
  };
  return { grafana, call };
}

const base = '/apis/dashboard.grafana.app/v1/namespaces/default/dashboards';
const resource = (name: string, more: { spec?: unknown; metadata?: object } = {}) => ({
  apiVersion: 'dashboard.grafana.app/v1',
  kind: 'Dashboard',
  metadata: { name, ...more.metadata },
  spec: more.spec ?? dashboard,
});
const withFolder = (uid: string) => ({ annotations: { 'grafana.app/folder': uid } });

describe('identity', () => {
  it('refuses missing, unknown, expired and foreign tokens with the same body on both APIs', () => {
    const { grafana, call } = client();
    grafana.token('old', { state: 'expired' });
    for (const path of ['/api/org', base]) {
      expect(call('GET', path, undefined, { authorization: '' })).toMatchObject({
        status: 401,
        body: { messageId: 'auth.unauthorized' },
      });
      expect(call('GET', path, undefined, { authorization: 'Bearer x' })).toMatchObject({
        status: 401,
        body: { messageId: 'api-key.invalid' },
      });
      expect(call('GET', path, undefined, { authorization: 'Bearer old' })).toMatchObject({
        status: 401,
        body: { messageId: 'api-key.expired' },
      });
      expect(call('GET', path, undefined, { 'x-grafana-org-id': '2' })).toMatchObject({
        status: 401,
        body: { messageId: 'api-key.organization-mismatch' },
      });
    }
    expect(call('GET', '/api/health', undefined, { authorization: '' }).status).toBe(200);
  });
  it('refuses what a role may not, in the words of each API', () => {
    const { call } = client({}, { role: 'Viewer' });
    expect(call('POST', base, resource('a'))).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
    expect(call('POST', '/api/dashboards/db', { dashboard })).toMatchObject({
      status: 403,
      body: { title: 'Access denied' },
    });
    expect(call('GET', '/api/datasources').status).toBe(403);
    expect(call('POST', '/api/annotations', { text: 'x' }).status).toBe(403);
  });
  it('sends browsers to the log-in page', () => {
    expect(client().call('GET', '/d/abc').status).toBe(302);
  });
});

describe('versions', () => {
  it('offers what each release offers', () => {
    const versions = (profile: '11' | '12' | '13') => {
      const { status, body } = client({ profile }).call('GET', '/apis/dashboard.grafana.app/');
      return status === 200 ? (body.versions as { version: string }[]).map((v) => v.version) : status;
    };
    expect(versions('11')).toBe(404);
    expect(versions('12')).not.toContain('v1');
    expect(versions('12')).toContain('v1beta1');
    expect(versions('13')).toContain('v1');
  });
  it('has data sources by number only before 13', () => {
    expect(client().call('GET', '/api/datasources/1').body.message).toBe('Not found');
  });
});

describe('the newer API', () => {
  it('creates with 201, and refuses a second time', () => {
    const { call } = client();
    expect(call('POST', base, resource('a')).status).toBe(201);
    expect(call('POST', base, resource('a'))).toMatchObject({
      status: 409,
      body: { reason: 'AlreadyExists' },
    });
    expect(call('POST', base, resource('b', { metadata: { resourceVersion: '1' } })).status).toBe(500);
  });

  it('compares resource versions', () => {
    const { call } = client();
    const first = call('POST', base, resource('a')).body.metadata?.resourceVersion as string;
    expect(first).toMatch(/^\d{16,}$/);
    const put = (version: string | undefined, spec: object = { ...dashboard, title: 'B' }) =>
      call(
        'PUT',
        `${base}/a`,
        resource('a', { spec, metadata: version === undefined ? {} : { resourceVersion: version } }),
      );
    const second = put(first);
    expect(second).toMatchObject({ status: 200, body: { metadata: { generation: 2 } } });
    expect(put(first)).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    // Without a version anything is overwritten; the same content is no new generation.
    expect(put(undefined)).toMatchObject({ status: 200, body: { metadata: { generation: 2 } } });
    expect(call('PUT', `${base}/new`, resource('new')).status).toBe(201);
    expect(call('PUT', `${base}/gone`, resource('gone', { metadata: { resourceVersion: '9' } })).status).toBe(
      409,
    );
    expect(call('PUT', `${base}/a`, resource('b')).status).toBe(400);
    const stale = { kind: 'DeleteOptions', preconditions: { resourceVersion: first } };
    expect(call('DELETE', `${base}/a`, stale).status).toBe(409);
    expect(call('DELETE', `${base}/a`).status).toBe(200);
    expect(call('DELETE', `${base}/a`).status).toBe(404);
  });

  it('checks names, namespaces, kinds and content types', () => {
    const { call } = client();
    expect(call('GET', `${base}/a%20b`).status).toBe(400);
    expect(call('GET', base.replace('default', 'org-2'))).toMatchObject({
      status: 403,
      body: { reason: 'Forbidden' },
    });
    expect(call('POST', base, resource('a', { metadata: { namespace: 'org-2' } })).status).toBe(400);
    expect(call('POST', base, { ...resource('a'), kind: 'Folder' }).status).toBe(400);
    expect(call('POST', base, resource('a'), { 'content-type': 'text/plain' }).status).toBe(415);
    expect(call('PATCH', `${base}/a`, {}).status).toBe(405);
  });

  it('rewrites what it stores, and drops what it owns', () => {
    const { call } = client();
    const { spec } = call(
      'POST',
      base,
      resource('a', {
        spec: {
          ...dashboard,
          uid: 'a',
          id: 7,
          version: 3,
          panels: [{ id: 1, type: 'stat', transparent: false, options: {} }],
        },
      }),
    ).body;
    expect(spec).not.toHaveProperty('uid');
    expect(spec).toMatchObject({
      editable: true,
      timepicker: {},
      panels: [{ id: 1, type: 'stat' }],
      annotations: { list: [{ builtIn: 1 }] },
    });
    expect((spec!.panels as object[])[0]).not.toHaveProperty('transparent');
  });

  it('moves to the root what is written without a folder, and shows the root in its own way', () => {
    const { call } = client();
    call('POST', base.replace('dashboard.', 'folder.').replace('/dashboards', '/folders'), {
      apiVersion: 'folder.grafana.app/v1',
      kind: 'Folder',
      metadata: { name: 'f' },
      spec: { title: 'F' },
    });
    expect(
      call('POST', base, resource('a', { metadata: withFolder('f') })).body.metadata?.annotations,
    ).toMatchObject({ 'grafana.app/folder': 'f' });
    expect(call('PUT', `${base}/a`, resource('a')).body.metadata?.annotations).toMatchObject({
      'grafana.app/folder': 'general',
    });
    expect(call('POST', base, resource('b', { metadata: withFolder('nowhere') }))).toMatchObject({
      status: 404,
      body: { message: 'folders.folder.grafana.app "nowhere" not found' },
    });
  });

  it('stores nothing on a dry run, and does not look for the folder then', () => {
    const { grafana, call } = client();
    expect(
      call('POST', `${base}?dryRun=All`, resource('a', { metadata: withFolder('nowhere') })).status,
    ).toBe(200);
    expect(grafana.state.objects.size).toBe(0);
  });

  it('validates strictly unless told otherwise', () => {
    const { call } = client();
    const odd = resource('a', { spec: { ...dashboard, panels: [{ id: 1 }] } });
    expect(call('POST', base, odd)).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', details: { causes: [{ field: 'spec.panels[0].type' }] } },
    });
    expect(call('POST', `${base}?fieldValidation=Ignore`, odd).status).toBe(201);
  });

  it('lists in pages, and by label', () => {
    const { call } = client();
    for (let i = 0; i < 5; i++)
      call('POST', base, resource(`d${i}`, { metadata: i < 2 ? { labels: { mine: 'yes' } } : {} }));
    const first = call('GET', `${base}?limit=2`).body;
    expect(first.items).toHaveLength(2);
    const next = call('GET', `${base}?limit=2&continue=${String(first.metadata?.continue)}`).body;
    expect((next.items as Body[]).map((i) => i.metadata?.name)).toEqual(['d2', 'd3']);
    expect(call('GET', `${base}?labelSelector=mine=yes`).body.items).toHaveLength(2);
    expect(call('GET', `${base}?continue=!!!`).status).toBe(410);
  });

  it('protects what another tool manages', () => {
    const { grafana, call } = client();
    call(
      'POST',
      base,
      resource('a', { metadata: { annotations: { 'grafana.app/managedBy': 'terraform' } } }),
    );
    expect(call('PUT', `${base}/a`, resource('a')).body.message).toBe(
      'Can not remove resource manager from resource',
    );
    expect(
      call('POST', '/api/dashboards/db', { dashboard: { ...dashboard, uid: 'a' }, overwrite: true }).body
        .message,
    ).toBe('Cannot save provisioned dashboard');
    grafana.state.get('dashboards', 'a')!.annotations['grafana.app/managedBy'] = 'repo';
    expect(call('PUT', `${base}/a`, resource('a')).status).toBe(403);
    grafana.state.get('dashboards', 'a')!.fromFiles = true;
    expect(call('DELETE', `${base}/a`).status).toBe(400);
  });

  it('lets only Git Sync put dashboards into a folder that it manages', () => {
    const { grafana, call } = client();
    const annotations = { 'grafana.app/managedBy': 'repo', 'grafana.app/managerId': 'r' };
    const change = { spec: { title: 'F' }, folder: '', labels: {}, annotations, by: 'repo' };
    grafana.state.store('folders', 'f', change);
    expect(call('POST', base, resource('a', { metadata: withFolder('f') }))).toMatchObject({
      status: 403,
      body: { message: 'folder "f" is managed by a repository' },
    });
    const body = { dashboard: { ...dashboard, uid: 'a' }, folderUid: 'f' };
    expect(call('POST', '/api/dashboards/db', body).status).toBe(403);
    expect(call('GET', '/api/folders/f').body.managedBy).toBe('repo');
  });

  it.each([
    [{ title: '' }, 'title cannot be empty'],
    [{ title: 'x'.repeat(5001) }, '5 000 characters'],
    [{ tags: ['x'.repeat(51)] }, 'tag too long'],
    [{ refresh: '1s' }, 'refresh interval is too low'],
    [{ refresh: 'soon' }, 'refresh interval is too low'],
  ])('refuses %o', (change, words) => {
    for (const profile of ['11', '13'] as const) {
      const { call } = client({ profile });
      const spec = { ...dashboard, ...change };
      const answer =
        profile === '13'
          ? call('POST', base, resource('a', { spec }))
          : call('POST', '/api/dashboards/db', { dashboard: spec });
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain(words);
    }
  });

  it('refuses uids that are too long and messages that are', () => {
    const { call } = client();
    expect(call('POST', base, resource('x'.repeat(41))).body.message).toContain('uid too long');
    expect(
      call(
        'POST',
        base,
        resource('a', { metadata: { annotations: { 'grafana.app/message': 'x'.repeat(501) } } }),
      ).status,
    ).toBe(400);
  });
});

describe('the older API', () => {
  const save = (profile: '11' | '12' | '13') => {
    const { grafana, call } = client({ profile });
    return {
      grafana,
      call,
      save: (own: object = {}, more: object = {}) =>
        call('POST', '/api/dashboards/db', { dashboard: { ...dashboard, uid: 'a', ...own }, ...more }),
    };
  };
  it('refuses what exists, each release in its own way', () => {
    for (const [profile, status] of [
      ['11', 412],
      ['12', 412],
      ['13', 409],
    ] as const) {
      const on = save(profile);
      expect(on.save()).toMatchObject({ status: 200, body: { version: 1 } });
      expect(on.save({ title: 'B' }).status).toBe(status);
      expect(on.save({ title: 'B', version: 1 })).toMatchObject({ status: 200, body: { version: 2 } });
      expect(on.save({ title: 'C', version: 1 }).status).toBe(status);
      expect(on.save({ title: 'C' }, { overwrite: true }).status).toBe(200);
    }
  });
  it('refuses unknown folders, foreign numbers, and wipes labels', () => {
    const on = save('13');
    expect(on.save({}, { folderUid: 'nowhere' })).toMatchObject({
      status: 400,
      body: { message: 'folder not found' },
    });
    on.call('POST', base, resource('a', { metadata: { labels: { mine: 'yes' } } }));
    on.save({ title: 'B', version: 1 });
    expect(on.grafana.state.get('dashboards', 'a')?.labels).toEqual({});
    expect(on.save({ uid: 'b', id: 1 }).body.message).toContain('already in use');
    on.grafana.state.get('dashboards', 'a')!.storedVersion = 'v2';
    expect(on.call('GET', '/api/dashboards/uid/a').status).toBe(406);
  });
  it('knows folders', () => {
    const { call } = client({ profile: '12' });
    expect(call('POST', '/api/folders', { uid: 'f', title: 'F' }).status).toBe(200);
    expect(call('POST', '/api/folders', { uid: 'f', title: 'F' }).status).toBe(409);
    expect(call('POST', '/api/folders', { uid: 'general', title: 'F' }).status).toBe(400);
    expect(call('PUT', '/api/folders/f', { title: 'G', version: 9 }).status).toBe(412);
    expect(call('GET', '/api/folders/nowhere').status).toBe(404);
  });
});

describe('the rest', () => {
  it('refuses data sources that exist or have no address', () => {
    const { call } = client();
    const source = { uid: 'p', name: 'P', type: 'prometheus', access: 'proxy', url: 'http://p:9090' };
    expect(call('POST', '/api/datasources', source).status).toBe(200);
    expect(call('POST', '/api/datasources', source).status).toBe(409);
    expect(call('POST', '/api/datasources', { ...source, name: 'Q', url: '' }).status).toBe(400);
  });
  it('lets annotations be made twice, and refuses empty ones and seconds', () => {
    const { grafana, call } = client();
    for (let i = 0; i < 2; i++)
      expect(call('POST', '/api/annotations', { text: 'x', tags: ['a', 'b'] }).status).toBe(200);
    expect(grafana.state.annotations).toHaveLength(2);
    expect(call('POST', '/api/annotations', { text: '' }).status).toBe(400);
    expect(call('POST', '/api/annotations', { text: 'x', time: 1_700_000_000 }).status).toBe(400);
    expect((call('GET', '/api/annotations?tags=a&tags=c').body as unknown as unknown[]).length).toBe(0);
  });
  it('shows in searches only after a while what was written', () => {
    const { call } = client({ searchLag: 2 });
    call('POST', base, resource('a', { spec: { ...dashboard, tags: ['x'] } }));
    const hits = (): number => (call('GET', '/api/search?tag=x').body as unknown as unknown[]).length;
    expect([hits(), hits(), hits()]).toEqual([0, 0, 1]);
  });
});
