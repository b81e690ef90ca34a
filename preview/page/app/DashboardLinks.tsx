import { Icon } from '@grafana/ui';
import { type Link, type PreviewState, safeAddress } from '../../../src/panels/index.ts';
import { replacer } from '../data/replace.ts';
import type { Loaded } from './useDashboard.ts';

interface Target {
  readonly title: string;
  readonly url: string;
  readonly blank: boolean;
  readonly tooltip: string | undefined;
}

function withParameters(url: string, link: Link, replace: (text: string) => string): string {
  const parts = [link.keepTime ? '${__url_time_range}' : '', link.includeVars ? '${__all_variables}' : ''];
  const query = replace(parts.filter(Boolean).join('&'));
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** A link as it is, or one for each dashboard that carries its tags. */
function targetsOf(link: Link, { dashboard, around }: Loaded, state: PreviewState): Target[] {
  const replace = (text: string): string => replacer(around)(text, undefined, 'text');
  const common = { blank: link.targetBlank === true, tooltip: link.tooltip };
  if (link.type !== 'dashboards')
    return [
      { ...common, title: replace(link.title), url: withParameters(replace(link.url ?? ''), link, replace) },
    ];
  return state.dashboards
    .filter((d) => d.uid !== dashboard.uid && (link.tags ?? []).every((tag) => d.tags.includes(tag)))
    .map((d) => ({
      ...common,
      title: d.title,
      url: withParameters(`/d/${encodeURIComponent(d.uid)}`, link, replace),
    }));
}

/** The dashboard's own links. */
export function DashboardLinks({ loaded, state }: { loaded: Loaded; state: PreviewState }) {
  const targets = (loaded.dashboard.links ?? []).flatMap((link) => targetsOf(link, loaded, state));
  if (targets.length === 0) return null;
  return (
    <nav className="preview-links" aria-label="Links of this dashboard">
      {targets.map(({ title, url, blank, tooltip }) => (
        <a
          key={`${title} ${url}`}
          href={safeAddress(url)}
          title={tooltip}
          {...(blank && { target: '_blank', rel: 'noreferrer' })}
        >
          {title}
          {blank ? <Icon name="external-link-alt" size="sm" /> : null}
        </a>
      ))}
    </nav>
  );
}
