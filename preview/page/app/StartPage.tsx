import { useEffect } from 'react';
import type { PreviewState } from '../../../src/panels/index.ts';
import { useBusy } from './ready.ts';

/** The dashboards there are. */
export function StartPage({ state }: { state: PreviewState }) {
  useBusy('start', false);
  useEffect(() => {
    document.title = 'Dashboard preview';
  }, []);
  return (
    <main className="preview-start">
      <h1>Dashboard preview</h1>
      <p>
        {state.source.kind === 'live' ? `Live data from ${state.source.label}` : `A ${state.source.label}`}
      </p>
      <ul>
        {state.dashboards.map(({ uid, title }) => (
          <li key={uid}>
            <a href={`/d/${encodeURIComponent(uid)}`}>{title}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}
