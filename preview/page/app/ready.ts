/** Tells whoever takes pictures when everything has been drawn: `data-ready` appears on the body. */
const waiting = new Set<string>();
let generation = 0;

/** Something starts to load; the page is not ready until it settles. */
export function busy(name: string): void {
  waiting.add(name);
  generation += 1;
  delete document.body.dataset.ready;
}

/** Two frames after the last thing settled, React has committed and every canvas is drawn. */
export function settled(name: string): void {
  waiting.delete(name);
  const mine = generation;
  const finish = (): void => {
    if (waiting.size === 0 && mine === generation) document.body.dataset.ready = 'yes';
  };
  if (waiting.size === 0)
    void document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(finish)));
}
