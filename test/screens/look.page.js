// Runs in the page, where it says what every panel draws: see look.ts.
(() => {
  const parse = (text) =>
    [...text.matchAll(/rgba?\(([^)]*)\)/g)].map((m) => {
      const [r = 0, g = 0, b = 0, a = 1] = (m[1] ?? '').split(/[ ,/]+/).map(Number);
      return [r, g, b, a];
    });
  const over = (top, [r, g, b]) => {
    const mix = (x, y) => x * top[3] + y * (1 - top[3]);
    return [mix(top[0], r), mix(top[1], g), mix(top[2], b), 1];
  };
  const luminance = ([r, g, b]) => {
    const part = (v) => (v / 255 <= 0.03928 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const contrastOf = (a, b) => {
    const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  /** What may lie behind an element: more than one colour where there is a gradient. */
  const behind = (element) => {
    if (!element) return [[255, 255, 255, 1]];
    const style = getComputedStyle(element);
    const own = style.backgroundImage.includes('gradient')
      ? parse(style.backgroundImage)
      : parse(style.backgroundColor).filter((c) => c[3] > 0);
    if (own.length > 0 && own.every((c) => c[3] === 1)) return own;
    const below = behind(element.parentElement);
    return own.length === 0 ? below : own.flatMap((c) => below.map((b) => over(c, b)));
  };
  /** Colours of shapes of a drawing that were drawn before a text, below its middle; the lowest first. */
  const shapesUnder = (text, box) => {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return [...text.ownerSVGElement.querySelectorAll('rect, path')].flatMap((shape) => {
      const b = shape.getBoundingClientRect();
      const precedes = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (!precedes || x < b.left || x > b.right || y < b.top || y > b.bottom) return [];
      const style = getComputedStyle(shape);
      return parse(style.fill).map(([r, g, b2, a]) => [
        ...[r, g, b2],
        a * Number(style.fillOpacity) * Number(style.opacity),
      ]);
    });
  };
  const boxOf = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
  const hides = (value) => value !== 'visible';
  /** A part of the box is hidden by what is around it; undefined where all of it is scrolled away. */
  const cutOf = (box, from, panel) => {
    // A line is higher than its letters.
    const air = Math.max(3, Number.parseFloat(getComputedStyle(from).fontSize) / 3);
    let { top, bottom, left, right } = box;
    for (let e = from; e && e !== panel.parentElement; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (e instanceof SVGElement && !(e instanceof SVGSVGElement)) continue;
      const inner = e.getBoundingClientRect();
      // On a phone a table may be scrolled sideways within its panel.
      if (innerWidth < 769 && /auto|scroll/.test(style.overflowX)) {
        [left, right] = [Math.max(left, inner.left), Math.min(right, inner.right)];
        if (right <= left + 1) return undefined;
      }
      if (hides(style.overflowX) && (right > inner.right + 1 || left < inner.left - 1)) return true;
      if (/auto|scroll/.test(style.overflowY)) {
        [top, bottom] = [Math.max(top, inner.top), Math.min(bottom, inner.bottom)];
        if (bottom <= top + 1) return undefined;
      }
      if (/hidden|clip/.test(style.overflowY) && (bottom > inner.bottom + air || top < inner.top - air))
        return true;
    }
    return false;
  };
  const texts = (panel) => {
    const found = [];
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = (node.textContent ?? '').trim();
      const element = node.parentElement;
      if (text === '' || !element?.checkVisibility({ opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = boxOf(range.getBoundingClientRect());
      if (box.right - box.left < 1) continue;
      const cut = cutOf(box, element, panel);
      if (cut === undefined) continue;
      const style = getComputedStyle(element);
      const isSvg = element instanceof SVGElement;
      const [colour = [0, 0, 0, 1]] = parse(isSvg ? style.fill : style.color);
      const shapes = isSvg && element.ownerSVGElement ? shapesUnder(element, box) : [];
      const below = behind(element).map((b) => shapes.reduce((under, shape) => over(shape, under), b));
      const contrast = Math.min(...below.map((b) => contrastOf(over(colour, b), b)));
      found.push({
        text,
        box,
        size: Number.parseFloat(style.fontSize),
        cut,
        contrast: Math.round(contrast * 100) / 100,
      });
    }
    return found;
  };
  const isGrey = ([r, g, b, a]) => a === 0 || Math.max(r, g, b) - Math.min(r, g, b) < 40;
  const colours = (panel) => {
    const found = new Set();
    for (const element of panel.querySelectorAll('*')) {
      if (element.closest('[data-testid*="header"], header, [role="alert"]') || !element.checkVisibility())
        continue;
      const style = getComputedStyle(element);
      const drawn =
        element instanceof SVGElement
          ? [style.fill, style.stroke]
          : [style.color, style.backgroundColor, style.backgroundImage];
      const box = element.getBoundingClientRect();
      if (box.width < 1 || box.height < 1) continue;
      for (const c of drawn.flatMap(parse)) if (!isGrey(c)) found.add(`rgb(${c.slice(0, 3).join(', ')})`);
    }
    return [...found];
  };
  return [...document.querySelectorAll('[data-panel-id]')]
    .filter((panel) => panel.querySelector('[data-drawn]'))
    .map((panel) => ({
      id: panel.dataset.panelId ?? '',
      title: panel.querySelector('h2, h6')?.textContent ?? '',
      box: boxOf(panel.getBoundingClientRect()),
      texts: texts(panel),
      colours: colours(panel),
    }));
})();
