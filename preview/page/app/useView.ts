import { useCallback, useEffect, useState } from 'react';
import { parseView, type View, viewAddress } from '../../../src/panels/index.ts';

const current = (): View => parseView(location.pathname, location.search);

/** The view that the address names, and how to go to another; the browser's back button goes back. */
export function useView(): readonly [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(current);
  useEffect(() => {
    const onPop = (): void => setView(current());
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  const go = useCallback((change: Partial<View>) => {
    const next = { ...current(), ...change };
    history.pushState(null, '', viewAddress(next));
    setView(next);
  }, []);
  return [view, go];
}
