import {
  locationUtil,
  setTimeZoneResolver,
  standardTransformers,
  standardTransformersRegistry,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';

/** Fonts that canvases measure and draw with once: without them the first picture differs from the second. */
const fonts: readonly (readonly [family: string, file: string, weight: string])[] = [
  ['Inter', 'inter/Inter-Regular', '400'],
  ['Inter', 'inter/Inter-Medium', '500'],
  ['Roboto Mono', 'roboto/L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ', '400'],
];

async function loadFont([family, file, weight]: (typeof fonts)[number]): Promise<void> {
  const face = new FontFace(family, `url(/public/fonts/${file}.woff2)`, { weight });
  document.fonts.add(await face.load());
}

function registerTransformers(): void {
  const unique = new Map(Object.values(standardTransformers).map((one) => [one.id, one]));
  standardTransformersRegistry.setInit(() =>
    [...unique.values()].map((one) => ({
      id: one.id,
      name: one.name,
      aliasIds: 'aliasIds' in one ? (one.aliasIds as string[]) : undefined,
      transformation: () => Promise.resolve(one),
      editor: () => null,
      imageDark: '',
      imageLight: '',
    })),
  );
}

/**
 * Lets the page's clock go on from another time. "in 3 days" is then said of the moment that is shown, and not of the
 * the visible one.
 * @param now milliseconds since 1970
 */
export function setClock(now: number): void {
  const clock = Date.now.bind(Date);
  const ahead = now - clock();
  Date.now = () => clock() + ahead;
}

/** Everything that Grafana's packages expect of a Grafana around them. */
export async function setUp(): Promise<void> {
  locationUtil.initialize({
    config: { appSubUrl: '' } as Parameters<typeof locationUtil.initialize>[0]['config'],
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: 'now-6h', to: 'now' }),
  });
  setTimeZoneResolver(() => 'utc');
  registerTransformers();
  await Promise.all([initPluginTranslations('dashboard-preview'), ...fonts.map(loadFont)]);
}
