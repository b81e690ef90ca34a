import { useTheme2 } from '@grafana/ui';
import { useCallback, useEffect, useState } from 'react';
import { parseLooseDuration } from '../../../src/lib/duration.ts';
import type { Dashboard, PreviewState, View } from '../../../src/panels/index.ts';
import { replacer } from '../data/replace.ts';
import { onReload } from '../data/server.ts';
import { Grid } from './Grid.tsx';
import { Header } from './Header.tsx';
import { useDashboard } from './useDashboard.ts';

interface Props {
  readonly uid: string;
  readonly view: View;
  readonly go: (change: Partial<View>) => void;
  readonly state: PreviewState;
}

/** Counts up when the dashboard is to be asked again: by hand, by the clock, or because its file changed. */
function useRevision(): readonly [number, () => void] {
  const [revision, setRevision] = useState(0);
  const again = useCallback(() => setRevision((n) => n + 1), []);
  useEffect(() => onReload(again), [again]);
  return [revision, again];
}

function useClock(every: string, again: () => void): void {
  useEffect(() => {
    const ms = parseLooseDuration(every);
    if (!ms) return;
    const timer = setInterval(again, Math.max(1_000, ms));
    return () => clearInterval(timer);
  }, [every, again]);
}

/** How often a live page asks again: as the address says, else as the dashboard does; a recording never changes. */
function useRefresh(live: boolean, asked: string | undefined, dashboard: Dashboard | undefined) {
  const [chosen, setChosen] = useState<string>();
  const every = live ? (chosen ?? asked ?? dashboard?.refresh ?? '') : '';
  return { every, setEvery: setChosen };
}

/** Errors outside of the panels. */
function Problems({ problems }: { problems: readonly string[] }) {
  return problems.map((problem) => (
    <p key={problem} role="alert" className="preview-problem">
      {problem}
    </p>
  ));
}

/** One dashboard with its header. */
export function DashboardPage({ uid, view, go, state }: Props) {
  const theme = useTheme2();
  const live = state.source.kind === 'live' && !state.frozen;
  const [revision, again] = useRevision();
  const now = useCallback(() => (live ? Date.now() : state.now), [live, state.now]);
  const { loaded, error, loading } = useDashboard(uid, view, now, revision);
  const { every, setEvery } = useRefresh(live, view.refresh, loaded?.dashboard);
  useClock(every, again);
  const title = loaded ? replacer(loaded.around)(loaded.dashboard.title, undefined, 'text') : uid;
  useEffect(() => {
    document.title = `${title} – preview`;
  }, [title]);
  if (!loaded)
    return <main className="preview-start">{error ? <p role="alert">{error}</p> : <p>Loading …</p>}</main>;
  const refresh = live ? { every, set: setEvery, again, loading } : undefined;
  const zoom = (from: number, to: number): void => go({ time: { from: String(from), to: String(to) } });
  return (
    <div className="preview-page">
      {view.kiosk ? null : <Header {...{ title, loaded, view, go, state, refresh }} />}
      <main>
        <h1 className={view.kiosk ? 'preview-kiosk-title' : 'preview-hidden'}>{title}</h1>
        <Problems problems={error ? [error, ...loaded.problems] : loaded.problems} />
        <Grid loaded={loaded} theme={theme} expand={view.expand} onZoom={zoom} />
      </main>
      <footer className="preview-footer">
        <p>
          {state.source.kind === 'live' ? `Live data from ${state.source.label}` : `A ${state.source.label}`}.
          Times are UTC. Panels marked ≈ are drawn by this preview; the others by Grafana’s own code.
        </p>
      </footer>
    </div>
  );
}
