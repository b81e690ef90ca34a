import { useEffect } from 'react';

/** Signals that everything has been drawn, for pictures: `data-ready` appears on the body. */
const waiting = new Set<string>();
let generation = 0;

function busy(name: string): void {
  waiting.add(name);
  generation += 1;
  delete document.body.dataset.ready;
}

/** Places of the grid whose panel has not drawn anything yet. */
const undrawn = '.preview-place:not(:has([data-drawn]))';

/** Two frames after the last thing settled, React has committed and every canvas is drawn. */
function settled(name: string): void {
  waiting.delete(name);
  const mine = generation;
  const finish = (): void => {
    if (waiting.size > 0 || mine !== generation) return;
    if (document.querySelector(undrawn)) requestAnimationFrame(finish);
    else document.body.dataset.ready = 'yes';
  };
  if (waiting.size === 0)
    void document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(finish)));
}

/** While `loading` is true the page is not ready. */
export function useBusy(name: string, loading: boolean): void {
  useEffect(() => {
    if (loading) busy(name);
    else settled(name);
  }, [name, loading]);
  useEffect(() => () => settled(name), [name]);
}
