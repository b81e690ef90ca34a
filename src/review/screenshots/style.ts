/** The report's style: readable in light and dark, on a phone and on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#59636e, #9198a1); --changed: light-dark(#9a6700, #d29922);
  --added: light-dark(#1a7f37, #3fb950); --removed: light-dark(#cf222e, #f85149); --moved: light-dark(#0969da, #4493f8); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1900px; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); }
h1 { font-size: 24px; } h2 { margin: 48px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 20px; } h3 { margin: 24px 0 8px; font-size: 16px; }
a { color: var(--moved); } code { padding: 1px 4px; border-radius: 4px; background: #8883; font-size: 13px; }
nav ul, .changes { padding-left: 20px; } .quiet { color: var(--quiet); }
.badge { padding: 1px 8px; border: 1px solid currentColor; border-radius: 10px; font-size: 12px; font-weight: 500; }
.badge.same { color: var(--quiet); }
.added { color: var(--added); } .removed { color: var(--removed); } .changed, .data { color: var(--changed); } .moved { color: var(--moved); }
.risk { font-weight: 600; } .risk::before { content: "Risk: "; color: var(--removed); }
.beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
.beside:has(aside) { grid-template-columns: minmax(0, 1fr) minmax(240px, 22%); }
@media (max-width: 1000px) { .beside:has(aside) { grid-template-columns: minmax(0, 1fr); } .beside aside { order: -1; } }
figure { margin: 0; min-width: 0; } figcaption { margin-bottom: 4px; font-size: 13px; color: var(--quiet); }
img { display: block; max-width: 100%; height: auto; }
.shot { position: relative; width: fit-content; max-width: 100%; border: 1px solid var(--line); }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; align-items: start; }
.frame { position: absolute; border: 3px solid currentColor; border-radius: 4px; pointer-events: none; }
.frame b { position: absolute; top: -3px; right: -3px; padding: 0 6px; background: currentColor; border-radius: 0 4px 0 4px; font-size: 11px; line-height: 18px; }
.frame i { color: light-dark(#fff, #0d1117); font-style: normal; }
.compare .tools { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; margin: 8px 0; }
.compare[data-mode="slider"] .pair { display: grid; grid-template-columns: minmax(0, 1fr); }
.compare[data-mode="slider"] figure { grid-area: 1 / 1; }
.compare[data-mode="slider"] figcaption { visibility: hidden; }
.compare[data-mode="slider"] .after { clip-path: inset(0 0 0 var(--at, 50%)); }
.compare[data-mode="slider"] .pair { position: relative; width: fit-content; max-width: 100%; }
section .compare { width: fit-content; max-width: 100%; }
.compare[data-mode="slider"] .pair::after { content: ""; position: absolute; top: 24px; bottom: 0; left: var(--at, 50%); width: 2px; background: var(--moved); }
.compare:not([data-mode="slider"]) .slide, .compare:not([data-mode]) .tools { display: none; }
.compare:not([data-mode]) .tools { display: none; }
.slide { flex: 1; min-width: 200px; } .slide input { width: 100%; }
.none { padding: 40px; border: 1px dashed var(--line); text-align: center; }
`;

/** Sliders and the choice between slider and side by side. Without it, everything stands side by side. */
export const reportScript = `
for (const compare of document.querySelectorAll('.compare')) {
  const show = (mode) => { compare.dataset.mode = mode; };
  for (const radio of compare.querySelectorAll('input[type=radio]')) radio.addEventListener('change', () => show(radio.value));
  const range = compare.querySelector('input[type=range]');
  range.addEventListener('input', () => compare.style.setProperty('--at', range.value + '%'));
  show('slider');
}
`;
