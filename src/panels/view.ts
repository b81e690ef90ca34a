import type { Look } from './requests.ts';

/** Everything that the address of a page says. */
export interface View extends Look {
  /** Dashboard, or undefined on the start page. */
  readonly uid: string | undefined;
  /** How often the page asks again: `30s`, or empty for never; undefined means as the dashboard says. */
  readonly refresh?: string;
  readonly theme?: 'light' | 'dark';
  /** Without the page's own header: for pictures. */
  readonly kiosk: boolean;
  /** Opens every row that is closed at first: for pictures of the panels inside. */
  readonly expand: boolean;
}

/** Reads a view out of an address: `/d/<uid>[/<slug>]?var-x=…&from=…&to=…`. */
export function parseView(pathname: string, search: string): View {
  const params = new URLSearchParams(search);
  const uid = /^\/d\/([^/]+)/.exec(pathname)?.[1];
  const names = [...new Set(params.keys())].filter((key) => key.startsWith('var-'));
  const from = params.get('from');
  const to = params.get('to');
  const refresh = params.get('refresh');
  const theme = params.get('theme');
  return {
    uid: uid === undefined ? undefined : decodeURIComponent(uid),
    chosen: Object.fromEntries(names.map((key) => [key.slice(4), params.getAll(key)])),
    ...((from || to) && { time: { from: from || 'now-6h', to: to || 'now' } }),
    ...(refresh !== null && { refresh }),
    ...((theme === 'light' || theme === 'dark') && { theme }),
    kiosk: params.has('kiosk'),
    expand: params.has('expand'),
  };
}

/** The address of a view; reading it gives the same view. */
export function viewAddress(view: View): string {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(view.chosen))
    for (const value of values) params.append(`var-${name}`, value);
  if (view.time) {
    params.set('from', view.time.from);
    params.set('to', view.time.to);
  }
  if (view.refresh !== undefined) params.set('refresh', view.refresh);
  if (view.theme) params.set('theme', view.theme);
  if (view.kiosk) params.set('kiosk', '');
  if (view.expand) params.set('expand', '');
  const search = params.toString();
  const path = view.uid === undefined ? '/' : `/d/${encodeURIComponent(view.uid)}`;
  return search === '' ? path : `${path}?${search}`;
}
