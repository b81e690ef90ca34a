// First, before any of Grafana's modules is evaluated.
import './early.ts';
import './page.css';
import { createRoot } from 'react-dom/client';
import { Root } from './app/Root.tsx';
import { loadState } from './data/server.ts';
import { setClock, setUp } from './setup.ts';

const element = document.getElementById('root') as HTMLElement;
try {
  await setUp();
  const state = await loadState();
  if (state.source.kind !== 'live' || state.frozen) setClock(state.now);
  createRoot(element).render(<Root state={state} />);
} catch (error) {
  element.textContent = (error as Error).message;
  document.body.dataset.ready = 'failed';
}
