import { createTheme, ThemeContext } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { useMemo } from 'react';
import { type PreviewState, parseView } from '../../../src/panels/index.ts';
import { DashboardPage } from './DashboardPage.tsx';
import { StartPage } from './StartPage.tsx';
import { useView } from './useView.ts';

/** A recording is opened at what it holds: its first look at the dashboard, unless the address asks for another. */
function openAtRecordedView(state: PreviewState): void {
  const { uid } = parseView(location.pathname, location.search);
  const names = [...new URLSearchParams(location.search).keys()];
  const asks = names.some((name) => name.startsWith('var-') || name === 'from' || name === 'to');
  const recorded = state.views.find((view) => view.dashboard === uid);
  if (asks || !recorded?.search) return;
  const separator = location.search === '' ? '?' : '&';
  history.replaceState(null, '', `${location.pathname}${location.search}${separator}${recorded.search}`);
}

/** The page: a dashboard, or the list of them. */
export function Root({ state }: { state: PreviewState }) {
  useMemo(() => openAtRecordedView(state), [state]);
  const [view, go] = useView();
  const mode = view.theme ?? 'dark';
  const theme = useMemo(() => createTheme({ colors: { mode } }), [mode]);
  document.documentElement.dataset.theme = mode;
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      {view.uid === undefined ? (
        <StartPage state={state} />
      ) : (
        <DashboardPage key={view.uid} uid={view.uid} view={view} go={go} state={state} />
      )}
      <PortalContainer />
    </ThemeContext.Provider>
  );
}
