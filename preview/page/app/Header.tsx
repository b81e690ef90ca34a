import { RefreshPicker, ToolbarButton } from '@grafana/ui';
import { type PreviewState, type View, viewAddress } from '../../../src/panels/index.ts';
import { DashboardLinks } from './DashboardLinks.tsx';
import { TimePicker } from './TimePicker.tsx';
import type { Loaded } from './useDashboard.ts';
import { Variables } from './Variables.tsx';

interface Props {
  readonly title: string;
  readonly loaded: Loaded;
  readonly view: View;
  readonly go: (change: Partial<View>) => void;
  readonly state: PreviewState;
  /** Undefined when the data never changes. */
  readonly refresh:
    | {
        readonly every: string;
        readonly set: (every: string) => void;
        readonly again: () => void;
        readonly loading: boolean;
      }
    | undefined;
}

function Dashboards({ state, view, title }: Pick<Props, 'state' | 'view' | 'title'>) {
  return (
    <nav className="preview-dashboards" aria-label="Dashboards">
      {state.dashboards.map((dashboard) => {
        const here = dashboard.uid === view.uid;
        const address = viewAddress({
          uid: dashboard.uid,
          chosen: {},
          kiosk: false,
          expand: false,
          ...(view.theme && { theme: view.theme }),
        });
        return (
          <a key={dashboard.uid} href={address} aria-current={here ? 'page' : undefined}>
            {here ? title : dashboard.title}
          </a>
        );
      })}
    </nav>
  );
}

function RecordedViews({ state, view }: Pick<Props, 'state' | 'view'>) {
  const views = state.views.filter((v) => v.dashboard === view.uid);
  if (views.length < 2) return null;
  return (
    <nav className="preview-views" aria-label="Recorded looks">
      Recorded:
      {views.map(({ name, search, dashboard }) => (
        <a key={search} href={`/d/${encodeURIComponent(dashboard)}?${search}`}>
          {name}
        </a>
      ))}
    </nav>
  );
}

/** Dashboards, time, refresh and theme above; variables and links below. */
export function Header({ title, loaded, view, go, state, refresh }: Props) {
  const dark = view.theme !== 'light';
  return (
    <header className="preview-header">
      <div className="preview-bar">
        <Dashboards state={state} view={view} title={title} />
        <div className="preview-tools">
          <span className="preview-source">{state.source.kind === 'live' ? 'live' : state.source.label}</span>
          <TimePicker span={loaded.around.span} onChange={(time) => go({ time })} />
          {refresh ? (
            <RefreshPicker
              value={refresh.every}
              onIntervalChanged={refresh.set}
              onRefresh={refresh.again}
              isLoading={refresh.loading}
            />
          ) : null}
          <ToolbarButton
            icon="adjust-circle"
            tooltip={dark ? 'Light theme' : 'Dark theme'}
            aria-label={dark ? 'Light theme' : 'Dark theme'}
            onClick={() => go({ theme: dark ? 'light' : 'dark' })}
          />
        </div>
      </div>
      <div className="preview-bar">
        <Variables variables={loaded.variables} chosen={view.chosen} onChange={(chosen) => go({ chosen })} />
        <RecordedViews state={state} view={view} />
        <DashboardLinks loaded={loaded} state={state} />
      </div>
    </header>
  );
}
