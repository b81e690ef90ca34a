import { useTheme2 } from '@grafana/ui';
import { useCallback, useEffect, useState } from 'react';
import { parseDuration } from '../../model/duration.ts';
import type { PreviewState } from '../../model/state.ts';
import type { View } from '../../model/view.ts';
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
function useRevision(every: string): readonly [number, () => void] {
  const [revision, setRevision] = useState(0);
  const again = useCallback(() => setRevision((n) => n + 1), []);
  useEffect(() => onReload(again), [again]);
  useEffect(() => {
    const ms = parseDuration(every);
    if (!ms) return;
    const timer = setInterval(again, Math.max(1_000, ms));
    return () => clearInterval(timer);
  }, [every, again]);
  return [revision, again];
}

/** One dashboard with its header. */
export function DashboardPage({ uid, view, go, state }: Props) {
  const theme = useTheme2();
  const live = state.source.kind === 'live' && !state.frozen;
  const [every, setEvery] = useState(live ? (view.refresh ?? '') : '');
  const [revision, again] = useRevision(every);
  const now = useCallback(() => (live ? Date.now() : state.now), [live, state.now]);
  const { loaded, error, loading } = useDashboard(uid, view, now, revision);
  useEffect(() => {
    if (view.refresh === undefined && live && loaded?.dashboard.refresh) setEvery(loaded.dashboard.refresh);
  }, [loaded, view.refresh, live]);
  const title = loaded ? replacer(loaded.around)(loaded.dashboard.title, undefined, 'text') : uid;
  useEffect(() => {
    document.title = `${title} – preview`;
  }, [title]);
  if (!loaded)
    return <main className="preview-start">{error ? <p role="alert">{error}</p> : <p>Loading …</p>}</main>;
  const refresh = live ? { every, set: setEvery, again, loading } : undefined;
  return (
    <div className="preview-page">
      {view.kiosk ? null : <Header {...{ title, loaded, view, go, state, refresh }} />}
      <main>
        <h1 className={view.kiosk ? 'preview-kiosk-title' : 'preview-hidden'}>{title}</h1>
        {error ? (
          <p role="alert" className="preview-problem">
            {error}
          </p>
        ) : null}
        {loaded.problems.map((problem) => (
          <p key={problem} role="alert" className="preview-problem">
            {problem}
          </p>
        ))}
        <Grid
          loaded={loaded}
          theme={theme}
          expand={view.expand}
          onZoom={(from, to) => go({ time: { from: String(from), to: String(to) } })}
        />
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
